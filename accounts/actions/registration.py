"""Operations that create accounts."""

from collections.abc import Collection

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.actions.locking import require_staff
from accounts.audit import ADDITION, record
from accounts.models import Invitation, Role, User
from config.transactions import operation


@operation
def register_user(user: User, invitation_code: str = "") -> User:
    """Save a new `user`, whose password is set. A usable invitation code approves a teacher immediately.

    Raises ValidationError (`invitation`) if the code cannot be used, and IntegrityError if another user took the
    username or the email address in the meantime.
    """
    if invitation_code:
        used = Invitation.objects.usable().with_code(invitation_code).update(uses=F("uses") + 1)
        if not used:
            message = _("This invitation code is not valid or has been used up.")
            raise ValidationError({"invitation": ValidationError(message, code="invitation")})
        user.approved_at = timezone.now()
    return _save_new(user, user, reason="invitation" if invitation_code else "")


@operation
def create_user(user: User, actor: User | None, reason: str = "") -> User:
    """Save a new `user` with the permissions of their role. Teachers are approved. A command has no `actor`.

    Raises IntegrityError, and the exceptions of `require_staff`.
    """
    if actor is not None:
        require_staff(User.objects.lock([actor.pk]).get(actor.pk), role=user.role)
    for name, value in permissions_of(user.role).items():
        setattr(user, name, value)
    return _save_new(user, actor or user, reason)


def add_to_common_room(users: Collection[User]) -> None:
    """Add users to the common room with the function in the setting ADD_TO_COMMON_ROOM.

    `accounts` cannot import it, because `posts` depends on `accounts`.
    """
    import_string(settings.ADD_TO_COMMON_ROOM)(users)


def permissions_of(role: str) -> dict:
    """Return the fields with the permissions and the approval that belong to a role."""
    is_admin = role == Role.ADMIN
    approved_at = None if role == Role.STUDENT else timezone.now()
    return {"is_staff": is_admin, "is_superuser": is_admin, "approved_at": approved_at}


def _save_new(user, actor, reason=""):
    user.save(force_insert=True)
    add_to_common_room([user])
    record(actor, user, ADDITION, reason=reason)
    return user
