"""Locks and checks of the operations on accounts."""

from django.core.files.storage import default_storage
from django.db import transaction

from accounts.models import Role, User
from accounts.refusals import AccountInactive, LastAdministrator


def lock_chosen(users, actor):
    """Lock the users of a queryset and return them as they are under the lock."""
    pks = list(users.values_list("pk", flat=True))
    locked = lock_users(pks, actor)
    require_active(actor)
    return [locked[pk] for pk in pks if pk in locked]


def lock_users(pks, actor):
    """Lock users, the actor and all administrators, so that two administrators cannot remove each other's rights."""
    administrators = User.objects.active().with_role(Role.ADMIN).values_list("pk", flat=True)
    return User.objects.lock({*pks, actor.pk, *administrators})


def require_active(user):
    """Raise AccountInactive if `user` was deactivated in the meantime."""
    if not User.objects.active().filter(pk=user.pk).exists():
        raise AccountInactive


def lock_open_account(user, actor=None):
    current = User.objects.lock({user.pk, (actor or user).pk}).get(user.pk)
    if current is None or current.is_closed:
        raise AccountInactive
    return current


def require_other_administrator(users):
    """Raise LastAdministrator if the site has no active administrator besides `users`, which are locked."""
    if not any(user.is_administrator and user.is_active for user in users):
        return
    others = User.objects.active().with_role(Role.ADMIN).exclude(pk__in=[user.pk for user in users])
    if not others.exists():
        raise LastAdministrator


def delete_file_on_commit(name):
    if name:
        transaction.on_commit(lambda: default_storage.delete(name), robust=True)
