"""Operations of administrators on users."""

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.actions.locking import lock_selected, require_other_administrator
from accounts.actions.registration import permissions_of
from accounts.actions.sessions import end_sessions
from accounts.audit import CHANGE, record
from accounts.models import User
from accounts.outbox import queue_function
from config.transactions import operation


@operation
def approve_teachers(teachers: QuerySet, actor: User, reason: str = "") -> int:
    """Approve the pending teachers in `teachers` (a queryset), notify and email them, and return their number.

    The function in the setting NOTIFY_APPROVED notifies them, because `posts` depends on `accounts`.
    """
    pending = [user for user in lock_selected(teachers, actor) if user.is_pending and not user.is_closed]
    for user in pending:
        queue_function("account_approved", {"user": user.pk})
    import_string(settings.NOTIFY_APPROVED)(pending, actor)
    return _change(pending, actor, reason, ends_sessions=False, approved_at=timezone.now())


@operation
def revoke_approval(teachers: QuerySet, actor: User, reason: str = "") -> int:
    """Revoke the approval of `teachers` (a queryset), end their sessions and return their number."""
    approved = [user for user in lock_selected(teachers, actor) if user.is_teacher]
    return _change(approved, actor, reason, approved_at=None)


@operation
def change_role(users: QuerySet, role: str, actor: User, reason: str = "") -> int:
    """Change the role and permissions of `users` (a queryset), end their sessions and return the number of changes.

    New teachers are approved, because an administrator selected them. Raises LastAdministrator.
    """
    changed = [user for user in lock_selected(users, actor, role) if user.role != role and not user.is_closed]
    require_other_administrator(changed)
    return _change(changed, actor, reason, role=role, **permissions_of(role))


@operation
def deactivate_users(users: QuerySet, actor: User, reason: str = "") -> int:
    """Deactivate `users` (a queryset), end their sessions and return their number. Raises LastAdministrator."""
    active = [user for user in lock_selected(users, actor) if user.is_active]
    require_other_administrator(active)
    return _change(active, actor, reason, is_active=False)


@operation
def reactivate_users(users: QuerySet, actor: User, reason: str = "") -> int:
    """Reactivate `users` (a queryset), except closed accounts, and return their number."""
    inactive = [user for user in lock_selected(users, actor) if not user.is_active and not user.is_closed]
    return _change(inactive, actor, reason, ends_sessions=False, is_active=True)


def _change(users, actor, reason, ends_sessions=True, **values):
    """Set fields of locked users to `values`, end the users' sessions and return the number of users."""
    for user in users:
        for name, value in values.items():
            setattr(user, name, value)
        user.save(update_fields=[*values, "updated_at"])
        record(actor, user, CHANGE, [*values], reason)
        if ends_sessions:
            end_sessions(user, actor, log=False)
    return len(users)
