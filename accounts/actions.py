"""The verbs of people: each says everything that happens, in one transaction."""

from django.conf import settings
from django.contrib.auth import login, update_session_auth_hash
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.log import ADDITION, CHANGE, DELETION, record
from accounts.models import Invitation, Role, User
from accounts.text import clean_line


@transaction.atomic
def register(user, invitation_code=""):
    """Write a new `user` (unsaved, password set); with a usable invitation, a teacher is approved at once.

    Raises ValidationError (`invitation`) when the code admits nobody, IntegrityError when the name or the
    address was taken in the meantime.
    """
    if invitation_code:
        used = Invitation.objects.usable().by_code(invitation_code).update(uses=F("uses") + 1)
        if not used:
            raise ValidationError(
                {"invitation": ValidationError(_("This invitation code is not valid, or used up."), code="invitation")}
            )
        user.approved_at = timezone.now()
    user.save(force_insert=True)
    record(user, user, ADDITION, reason="invitation" if invitation_code else "")
    return user


@transaction.atomic
def sign_in(request, user, remember):
    """Sign `user` in under a new session id, for 30 days if they asked to be remembered, else for this browser."""
    login(request, user)
    request.session["user_agent"] = clean_line(request.headers.get("User-Agent", ""))[:200]
    request.session["started_at"] = timezone.now().isoformat()
    request.session.set_expiry(settings.REMEMBER_ME_AGE if remember else 0)


@transaction.atomic
def save_profile(user, fields, new_avatar=None, remove_avatar=False, actor=None):
    """Save the changed `fields` of `user`, and the picture: `new_avatar` (a file that was read), or none any more."""
    # Held, so that of two pictures sent at once neither stays behind as a file.
    old = User.objects.select_for_update().values_list("avatar", flat=True).get(pk=user.pk)
    fields = [*fields]
    if new_avatar or (remove_avatar and old):
        fields.append("avatar")
        if new_avatar:
            user.avatar.save(new_avatar.name, new_avatar, save=False)
        else:
            user.avatar = ""
        _delete_file_on_commit(old)
    if not fields:
        return
    try:
        user.save(update_fields=[*fields, "updated_at"])
    except IntegrityError:
        if new_avatar:
            default_storage.delete(user.avatar.name)
        raise
    record(actor or user, user, CHANGE, fields)


@transaction.atomic
def change_password(request, user):
    """Save a `user` whose new password is set; every other session of theirs ends, this one goes on."""
    user.save(update_fields=["password", "updated_at"])
    record(user, user, CHANGE, ["password"])
    if request is not None:
        update_session_auth_hash(request, user)
        end_sessions(user, actor=user, keep=request.session.session_key, log=False)
    else:
        end_sessions(user, actor=user, log=False)


@transaction.atomic
def approve(teachers, actor, reason=""):
    """Give the waiting among `teachers` (a queryset) a teacher's powers; return how many that were."""
    waiting = list(teachers.filter(role=Role.TEACHER, approved_at=None, closed_at=None))
    now = timezone.now()
    for teacher in waiting:
        teacher.approved_at = now
        teacher.save(update_fields=["approved_at", "updated_at"])
        record(actor, teacher, CHANGE, ["approved_at"], reason)
    return len(waiting)


@transaction.atomic
def revoke_approval(teachers, actor, reason=""):
    """Take a teacher's powers from `teachers` at once, end their sessions; return how many that were."""
    approved = list(teachers.filter(role=Role.TEACHER, approved_at__isnull=False))
    for teacher in approved:
        teacher.approved_at = None
        teacher.save(update_fields=["approved_at", "updated_at"])
        record(actor, teacher, CHANGE, ["approved_at"], reason)
        end_sessions(teacher, actor, log=False)
    return len(approved)


@transaction.atomic
def change_role(people, role, actor, reason=""):
    """Make `people` students, teachers (approved: an administrator chose them) or administrators.

    Staff rights come and go with the role; sessions end. Returns how many were changed.
    """
    changed = list(people.exclude(role=role).filter(closed_at=None))
    for user in changed:
        user.role = role
        user.is_staff = user.is_superuser = role == Role.ADMIN
        user.approved_at = None if role == Role.STUDENT else timezone.now()
        user.save(update_fields=["role", "is_staff", "is_superuser", "approved_at", "updated_at"])
        record(actor, user, CHANGE, ["role", "is_staff", "is_superuser", "approved_at"], reason)
        end_sessions(user, actor, log=False)
    return len(changed)


@transaction.atomic
def deactivate(people, actor, reason=""):
    """Keep `people` out until they are reactivated, and end their sessions; return how many that were."""
    active = list(people.filter(is_active=True))
    for user in active:
        user.is_active = False
        user.save(update_fields=["is_active", "updated_at"])
        record(actor, user, CHANGE, ["is_active"], reason)
        end_sessions(user, actor, log=False)
    return len(active)


@transaction.atomic
def reactivate(people, actor, reason=""):
    """Let `people` sign in again, but for those who closed their account; return how many that were."""
    inactive = list(people.filter(is_active=False, closed_at=None))
    for user in inactive:
        user.is_active = True
        user.save(update_fields=["is_active", "updated_at"])
        record(actor, user, CHANGE, ["is_active"], reason)
    return len(inactive)


@transaction.atomic
def end_sessions(user, actor, keep=None, only=None, reason="", log=True):
    """End sessions of `user`: all, all but the key `keep`, or the one key `only`; return how many that were."""
    sessions = user.sessions.all()
    if keep is not None:
        sessions = sessions.exclude(pk=keep)
    if only is not None:
        sessions = sessions.filter(pk=only)
    ended, _by_model = sessions.delete()
    if ended and log:
        record(actor, user, CHANGE, ["sessions"], reason)
    return ended


@transaction.atomic
def close_account(user, actor, reason=""):
    """Take leave of `user` for good: what names them goes, their posts stay under "a former student"."""
    record(actor, user, DELETION, reason=reason)
    _delete_file_on_commit(user.avatar.name)
    # What is built on accounts goes first: it may need the name that accounts then erases.
    for module in reversed(settings.PERSONAL_DATA):
        import_string(f"{module}.erase")(user)


def export_data(user):
    """Return everything that is kept about `user`, by subject, as values that JSON can hold; put it on record."""
    record(user, user, CHANGE, ["export"])
    data = {}
    for module in settings.PERSONAL_DATA:
        data |= import_string(f"{module}.export")(user)
    return data


def _delete_file_on_commit(name):
    if name:
        transaction.on_commit(lambda: default_storage.delete(name), robust=True)
