"""Operations on a user's personal data."""

import json
import shutil
import tempfile
import threading
import zipfile
from typing import IO, NamedTuple

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.module_loading import import_string

from accounts.actions.locking import (
    lock_open_account,
    lock_users,
    require_other_administrator,
    require_staff,
)
from accounts.audit import CHANGE, DELETION, record
from accounts.models import User
from config.transactions import operation, snapshot

_lock = threading.Lock()
_exporting: set[int] = set()  # ids of the users whose data this process exports now


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
        require_staff(locked.get(actor.pk), user)
    require_other_administrator([user])
    record(actor, user, DELETION, reason=reason)
    # `posts` comes first: it needs the username, which `accounts` erases.
    for module in modules:
        import_string(f"{module}.erase")(user, actor)


class Export(NamedTuple):
    """All data about a user as JSON, and an open ZIP file with it and the user's files, or None without files."""

    data: str
    archive: IO[bytes] | None


def export_data(user: User) -> Export | None:
    """Return all data about `user` by subject, and record the export in the audit log.

    Takes 15 µs of CPU time for each post, so one export of a user runs at a time in each process: returns None if
    another one is running. Raises AccountInactive.
    """
    with _lock:
        if user.pk in _exporting:
            return None
        _exporting.add(user.pk)
    try:
        _record_export(user)
        with snapshot():
            user = User.objects.get(pk=user.pk)
            data, files = {}, []
            for module in settings.PERSONAL_DATA:
                data |= import_string(f"{module}.export")(user)
                files += import_string(f"{module}.export_files")(user)
        text = json.dumps(data, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False)
        return Export(text, _build_archive(text, files) if files else None)
    finally:
        _exporting.discard(user.pk)


@operation
def _record_export(user):
    record(lock_open_account(user), user, CHANGE, ["export"])


def _build_archive(text, files):
    """Return a temporary ZIP file with `data.json` and `files` (names in the storage) that still exist."""
    archive = tempfile.TemporaryFile()  # noqa: SIM115
    with zipfile.ZipFile(archive, "w") as output:
        output.writestr("data.json", text)
        for name in filter(default_storage.exists, files):
            with default_storage.open(name) as file, output.open(name, "w") as entry:
                shutil.copyfileobj(file, entry)
    archive.seek(0)
    return archive
