"""Locks and checks that the operations on accounts share."""

from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.models import Role, User
from accounts.permissions import changeable_users
from accounts.refusals import AccountInactive, LastAdministrator, NotStaff, PasswordChanged


def lock_selected(users: QuerySet, actor: User, role: str = "") -> list[User]:
    """Lock a queryset and return the users that `actor` can change, to `role`. Raises as `require_staff` does."""
    pks = list(users.values_list("pk", flat=True))
    locked = lock_users(pks, actor)
    require_staff(locked.get(actor.pk), role=role)
    changeable = changeable_users(locked[actor.pk], User.objects.filter(pk__in=pks))
    return [locked[pk] for pk in changeable.values_list("pk", flat=True)]


def lock_users(pks: Iterable[int], actor: User) -> dict[int, User]:
    """Lock the users, the actor and all administrators, so that two administrators cannot demote each other."""
    administrators = User.objects.active().with_role(Role.ADMIN).values_list("pk", flat=True)
    return User.objects.lock({*pks, actor.pk, *administrators})


def require_staff(actor: User | None, user: User | None = None, role: str = "") -> None:
    """Raise AccountInactive or NotStaff unless the locked `actor` can change the locked `user` and give `role`."""
    if actor is None or not actor.is_active:
        raise AccountInactive
    if not actor.is_staff or (role == Role.ADMIN and not actor.is_superuser):
        raise NotStaff
    if user and not changeable_users(actor, User.objects.filter(pk=user.pk)).exists():
        raise NotStaff


def lock_open_account(user: User, actor: User | None = None) -> User:
    """Lock the user that `actor` changes and return the current row. `actor` defaults to the user.

    Raises AccountInactive if the account is closed, and PasswordChanged if the password has changed since `user` was
    loaded. If `actor` is another user, does not raise PasswordChanged, but raises as `require_staff` does.
    """
    actor = actor or user
    locked = User.objects.lock({user.pk, actor.pk})
    current = locked.get(user.pk)
    if current is None or current.is_closed or (actor.pk == user.pk and not current.is_active):
        raise AccountInactive
    if actor.pk != user.pk:
        require_staff(locked.get(actor.pk), current)
    elif current.password != user.password:
        # Another person may have reset it, to lock out a person who knows the old one.
        raise PasswordChanged
    return current


def require_other_administrator(users: Iterable[User]) -> None:
    """Raise LastAdministrator if the site has no active administrator besides `users`, which are locked."""
    if not any(user.is_administrator and user.is_active for user in users):
        return
    others = User.objects.active().with_role(Role.ADMIN).exclude(pk__in=[user.pk for user in users])
    if not others.exists():
        raise LastAdministrator
