"""Operations on accounts. Each runs in one transaction, including the audit log."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth import login, update_session_auth_hash
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.audit import ADDITION, CHANGE, DELETION, record
from accounts.models import Invitation, Role, User
from accounts.refusals import AccountInactive, LastAdministrator
from accounts.text import clean_line
from config.transactions import operation

# --- New accounts and sign-in ---


@operation
def register(user, invitation_code=""):
    """Save a new `user` (unsaved, password set). A usable invitation code approves a teacher at once.

    Raises ValidationError (`invitation`) if the code cannot be used, and IntegrityError if the username or the email
    address was taken in the meantime.
    """
    if invitation_code:
        used = Invitation.objects.usable().by_code(invitation_code).update(uses=F("uses") + 1)
        if not used:
            raise ValidationError(
                {"invitation": ValidationError(_("This invitation code is not valid, or used up."), code="invitation")}
            )
        user.approved_at = timezone.now()
    return _save_new(user, user, reason="invitation" if invitation_code else "")


@operation
def create_user(user, actor):
    """Save a new `user` (unsaved) with the rights of their role. Teachers are approved. Raises IntegrityError."""
    _grant_rights(user)
    return _save_new(user, actor)


@operation
def sign_in(request, user, remember):
    """Sign `user` in under a new session id, for 30 days if `remember` is true, otherwise until the browser closes."""
    add_to_common_room([user])
    login(request, user)
    request.session["user_agent"] = clean_line(request.headers.get("User-Agent", ""))[:200]
    request.session["started_at"] = timezone.now().isoformat()
    request.session.set_expiry(settings.REMEMBER_ME_AGE if remember else 0)


def add_to_common_room(users: Iterable[User]) -> None:
    """Call the function that the setting ADD_TO_COMMON_ROOM names: `accounts` cannot import `posts`."""
    import_string(settings.ADD_TO_COMMON_ROOM)(users)


# --- The user's own account ---


@operation
def save_profile(user, fields, new_avatar=None, remove_avatar=False, actor=None):
    """Save the changed `fields` of `user` and the picture: `new_avatar` (a decoded file), or none.

    Raises AccountInactive if the account was closed in the meantime, and IntegrityError if the email address is taken.
    """
    # Locking the row also prevents concurrent uploads from orphaning a file.
    current = _lock_open_account(user, actor)
    fields = [*fields]
    if new_avatar or (remove_avatar and current.avatar):
        fields.append("avatar")
        if new_avatar:
            user.avatar.save(new_avatar.name, new_avatar, save=False)
        else:
            user.avatar = ""
        _delete_file_on_commit(current.avatar.name)
    if not fields:
        return
    try:
        user.save(update_fields=[*fields, "updated_at"])
    except IntegrityError:
        if new_avatar:
            default_storage.delete(user.avatar.name)
        raise
    record(actor or user, user, CHANGE, fields)


@operation
def change_password(request, user):
    """Save the new password that is set on `user` and end their other sessions; all of them if `request` is None.

    Raises AccountInactive if the account was closed in the meantime.
    """
    _lock_open_account(user)
    user.save(update_fields=["password", "updated_at"])
    record(user, user, CHANGE, ["password"])
    keep = None
    if request is not None:
        update_session_auth_hash(request, user)
        keep = request.session.session_key
    end_sessions(user, actor=user, keep=keep, log=False)


@operation
def end_sessions(user, actor, keep=None, only=None, reason="", log=True):
    """End sessions of `user`: all, all except the key `keep`, or the one key `only`. Returns the number of sessions."""
    sessions = user.sessions.all()
    if keep is not None:
        sessions = sessions.exclude(pk=keep)
    if only is not None:
        sessions = sessions.filter(pk=only)
    ended, _by_model = sessions.delete()
    if ended and log:
        record(actor, user, CHANGE, ["sessions"], reason)
    return ended


@operation
def close_account(user, actor, reason=""):
    """Close an account: erase personal data and keep the posts, shown as "a former student".

    Closing a closed account has no effect. Raises LastAdministrator.
    """
    modules = list(reversed(settings.PERSONAL_DATA))
    for module in modules:
        import_string(f"{module}.lock_rows")(user)
    user = _lock_users([user.pk], actor)[user.pk]
    if user.is_closed:
        return
    _require_active(actor)
    _require_other_administrator([user])
    record(actor, user, DELETION, reason=reason)
    _delete_file_on_commit(user.avatar.name)
    # Apps that depend on accounts come first: they may need the name that accounts then erases.
    for module in modules:
        import_string(f"{module}.erase")(user)


@operation
def export_data(user):
    """Return all data about `user` by subject, as values that JSON can represent. The audit log records the export."""
    record(user, user, CHANGE, ["export"])
    data = {}
    for module in settings.PERSONAL_DATA:
        data |= import_string(f"{module}.export")(user)
    return data


# --- Administration ---


@operation
def approve(teachers, actor, reason=""):
    """Approve the pending ones of `teachers` (a queryset) and return their number."""
    pending = [user for user in _lock_chosen(teachers, actor) if user.is_waiting and not user.is_closed]
    for teacher in pending:
        teacher.approved_at = timezone.now()
        teacher.save(update_fields=["approved_at", "updated_at"])
        record(actor, teacher, CHANGE, ["approved_at"], reason)
    return len(pending)


@operation
def revoke_approval(teachers, actor, reason=""):
    """Revoke the approval of `teachers` (a queryset), end their sessions and return their number."""
    approved = [user for user in _lock_chosen(teachers, actor) if user.is_teacher]
    for teacher in approved:
        teacher.approved_at = None
        teacher.save(update_fields=["approved_at", "updated_at"])
        record(actor, teacher, CHANGE, ["approved_at"], reason)
        end_sessions(teacher, actor, log=False)
    return len(approved)


@operation
def change_role(users, role, actor, reason=""):
    """Give `users` (a queryset) the role and its rights, end their sessions and return how many were changed.

    Teachers are approved, because an administrator chose them. Raises LastAdministrator.
    """
    changed = [user for user in _lock_chosen(users, actor) if user.role != role and not user.is_closed]
    _require_other_administrator(changed)
    for user in changed:
        user.role = role
        _grant_rights(user)
        user.save(update_fields=["role", "is_staff", "is_superuser", "approved_at", "updated_at"])
        record(actor, user, CHANGE, ["role", "is_staff", "is_superuser", "approved_at"], reason)
        end_sessions(user, actor, log=False)
    return len(changed)


@operation
def deactivate(users, actor, reason=""):
    """Deactivate `users` (a queryset), end their sessions and return their number. Raises LastAdministrator."""
    active = [user for user in _lock_chosen(users, actor) if user.is_active]
    _require_other_administrator(active)
    for user in active:
        user.is_active = False
        user.save(update_fields=["is_active", "updated_at"])
        record(actor, user, CHANGE, ["is_active"], reason)
        end_sessions(user, actor, log=False)
    return len(active)


@operation
def reactivate(users, actor, reason=""):
    """Reactivate `users` (a queryset), except closed accounts, and return their number."""
    inactive = [user for user in _lock_chosen(users, actor) if not user.is_active and not user.is_closed]
    for user in inactive:
        user.is_active = True
        user.save(update_fields=["is_active", "updated_at"])
        record(actor, user, CHANGE, ["is_active"], reason)
    return len(inactive)


# --- Helpers ---


def _save_new(user, actor, reason=""):
    user.save(force_insert=True)
    add_to_common_room([user])
    record(actor, user, ADDITION, reason=reason)
    return user


def _grant_rights(user):
    user.is_staff = user.is_superuser = user.role == Role.ADMIN
    user.approved_at = None if user.role == Role.STUDENT else timezone.now()


def _lock_chosen(users, actor):
    """Lock the users of a queryset and return them as they are under the lock."""
    pks = list(users.values_list("pk", flat=True))
    locked = _lock_users(pks, actor)
    _require_active(actor)
    return [locked[pk] for pk in pks if pk in locked]


def _lock_users(pks, actor):
    """Lock users, the actor and all administrators, so that two administrators cannot remove each other's rights."""
    administrators = User.objects.active().with_role(Role.ADMIN).values_list("pk", flat=True)
    return User.objects.lock({*pks, actor.pk, *administrators})


def _require_active(user):
    """Raise AccountInactive if `user` was deactivated in the meantime."""
    if not User.objects.active().filter(pk=user.pk).exists():
        raise AccountInactive


def _lock_open_account(user, actor=None):
    current = User.objects.lock({user.pk, (actor or user).pk}).get(user.pk)
    if current is None or current.is_closed:
        raise AccountInactive
    return current


def _require_other_administrator(users):
    """Raise LastAdministrator if the site has no active administrator besides `users`, which are locked."""
    if not any(user.is_administrator and user.is_active for user in users):
        return
    others = User.objects.active().with_role(Role.ADMIN).exclude(pk__in=[user.pk for user in users])
    if not others.exists():
        raise LastAdministrator


def _delete_file_on_commit(name):
    if name:
        transaction.on_commit(lambda: default_storage.delete(name), robust=True)
