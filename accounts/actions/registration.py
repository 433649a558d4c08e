"""New accounts."""

from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from accounts.audit import ADDITION, record
from accounts.models import Invitation, Role, User
from config.transactions import operation


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
    grant_rights(user)
    return _save_new(user, actor)


def add_to_common_room(users: Iterable[User]) -> None:
    """Call the function that the setting ADD_TO_COMMON_ROOM names: `accounts` cannot import `posts`."""
    import_string(settings.ADD_TO_COMMON_ROOM)(users)


def _save_new(user, actor, reason=""):
    user.save(force_insert=True)
    add_to_common_room([user])
    record(actor, user, ADDITION, reason=reason)
    return user


def grant_rights(user):
    user.is_staff = user.is_superuser = user.role == Role.ADMIN
    user.approved_at = None if user.role == Role.STUDENT else timezone.now()
