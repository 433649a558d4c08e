"""Operations of administrators on users."""

from django.db.models import QuerySet
from django.utils import timezone

from accounts.actions.locking import lock_selected, require_other_administrator
from accounts.actions.registration import set_permissions
from accounts.actions.sessions import end_sessions
from accounts.audit import CHANGE, record
from accounts.models import User
from config.transactions import operation


@operation
def approve_teachers(teachers: QuerySet, actor: User, reason: str = "") -> int:
    """Approve the pending teachers in `teachers` (a queryset) and return their number."""
    pending = [user for user in lock_selected(teachers, actor) if user.is_pending and not user.is_closed]
    for teacher in pending:
        teacher.approved_at = timezone.now()
        teacher.save(update_fields=["approved_at", "updated_at"])
        record(actor, teacher, CHANGE, ["approved_at"], reason)
    return len(pending)


@operation
def revoke_approval(teachers: QuerySet, actor: User, reason: str = "") -> int:
    """Revoke the approval of `teachers` (a queryset), end their sessions and return their number."""
    approved = [user for user in lock_selected(teachers, actor) if user.is_teacher]
    for teacher in approved:
        teacher.approved_at = None
        teacher.save(update_fields=["approved_at", "updated_at"])
        record(actor, teacher, CHANGE, ["approved_at"], reason)
        end_sessions(teacher, actor, log=False)
    return len(approved)


@operation
def change_role(users: QuerySet, role: str, actor: User, reason: str = "") -> int:
    """Change the role and permissions of `users` (a queryset), end their sessions and return the number of changes.

    New teachers are approved, because an administrator selected them. Raises LastAdministrator.
    """
    changed = [user for user in lock_selected(users, actor) if user.role != role and not user.is_closed]
    require_other_administrator(changed)
    for user in changed:
        user.role = role
        set_permissions(user)
        user.save(update_fields=["role", "is_staff", "is_superuser", "approved_at", "updated_at"])
        record(actor, user, CHANGE, ["role", "is_staff", "is_superuser", "approved_at"], reason)
        end_sessions(user, actor, log=False)
    return len(changed)


@operation
def deactivate_users(users: QuerySet, actor: User, reason: str = "") -> int:
    """Deactivate `users` (a queryset), end their sessions and return their number. Raises LastAdministrator."""
    active = [user for user in lock_selected(users, actor) if user.is_active]
    require_other_administrator(active)
    for user in active:
        user.is_active = False
        user.save(update_fields=["is_active", "updated_at"])
        record(actor, user, CHANGE, ["is_active"], reason)
        end_sessions(user, actor, log=False)
    return len(active)


@operation
def reactivate_users(users: QuerySet, actor: User, reason: str = "") -> int:
    """Reactivate `users` (a queryset), except closed accounts, and return their number."""
    inactive = [user for user in lock_selected(users, actor) if not user.is_active and not user.is_closed]
    for user in inactive:
        user.is_active = True
        user.save(update_fields=["is_active", "updated_at"])
        record(actor, user, CHANGE, ["is_active"], reason)
    return len(inactive)
