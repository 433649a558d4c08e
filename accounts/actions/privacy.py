"""Operations on a user's personal data."""

from django.conf import settings
from django.utils.module_loading import import_string

from accounts.actions.locking import delete_file_on_commit, lock_users, require_other_administrator, require_staff
from accounts.audit import CHANGE, DELETION, record
from accounts.models import User
from config.transactions import operation


@operation
def close_account(user: User, actor: User, reason: str = "") -> None:
    """Close an account and erase its personal data. Its posts remain, attributed to "a former student".

    Closing a closed account has no effect. Raises LastAdministrator. If `actor` is another user, also raises as
    `require_staff` does.
    """
    modules = list(reversed(settings.PERSONAL_DATA))
    for module in modules:
        import_string(f"{module}.lock_rows")(user)
    locked = lock_users([user.pk], actor)
    user = locked[user.pk]
    if user.is_closed:
        return
    if actor.pk != user.pk:
        require_staff(locked.get(actor.pk))
    require_other_administrator([user])
    record(actor, user, DELETION, reason=reason)
    delete_file_on_commit(user.avatar.name)
    # `posts` comes first: it needs the username, which `accounts` erases.
    for module in modules:
        import_string(f"{module}.erase")(user)


@operation
def export_data(user: User) -> dict:
    """Return all data about `user` by subject, as values that JSON can represent. The audit log records the export."""
    record(user, user, CHANGE, ["export"])
    data = {}
    for module in settings.PERSONAL_DATA:
        data |= import_string(f"{module}.export")(user)
    return data
