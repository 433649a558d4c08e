"""Operations on profiles."""

from collections.abc import Iterable

from django.core.files import File

from accounts.actions.locking import lock_open_account
from accounts.audit import CHANGE, record
from accounts.models import User
from config.transactions import operation


@operation
def save_profile(
    user: User,
    fields: Iterable[str],
    new_avatar: File | None = None,
    remove_avatar: bool = False,
    actor: User | None = None,
) -> None:
    """Save the changed `fields` of `user`, and set or remove the profile picture. `actor` defaults to the user.

    `manage.py prune` deletes the file of the old picture.

    Raises AccountInactive if the account was closed in the meantime, and IntegrityError if the email address is taken.
    """
    current = lock_open_account(user, actor)
    fields = [*fields]
    if new_avatar or (remove_avatar and current.avatar):
        fields.append("avatar")
        if new_avatar:
            user.avatar.save(new_avatar.name, new_avatar, save=False)
        else:
            user.avatar = ""
    if not fields:
        return
    user.save(update_fields=[*fields, "updated_at"])
    record(actor or user, user, CHANGE, fields)
