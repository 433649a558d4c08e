"""Operations on profiles."""

from collections.abc import Iterable

from django.core.files import File
from django.core.files.storage import default_storage

from accounts.actions.locking import delete_file_on_commit, lock_open_account
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

    Raises AccountInactive if the account was closed in the meantime, and IntegrityError if the email address is taken.
    """
    # Locking the row also prevents concurrent uploads from orphaning a file.
    current = lock_open_account(user, actor)
    fields = [*fields]
    if new_avatar or (remove_avatar and current.avatar):
        fields.append("avatar")
        if new_avatar:
            user.avatar.save(new_avatar.name, new_avatar, save=False)
        else:
            user.avatar = ""
        delete_file_on_commit(current.avatar.name)
    if not fields:
        return
    try:
        user.save(update_fields=[*fields, "updated_at"])
        record(actor or user, user, CHANGE, fields)
    except Exception:
        if new_avatar:
            default_storage.delete(user.avatar.name)
        raise
