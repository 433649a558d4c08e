"""The one place where "something happened" is announced.

An announcement says where to look, never what was written: a room's new revision, or the people for whom something
changed. Whoever hears it asks the tables, which are the truth; one that is lost only makes a screen later.
"""

import json
import secrets

from django.db import transaction
from django.db.models import F

from accounts.prepared import PreparedQuery, PreparedUpdate
from posts import transports
from posts.models import SOME_ROOM, Room

_COUNT_UP = PreparedUpdate(lambda room: Room.objects.filter(pk=room), {"revision": F("revision") + 1}, room=SOME_ROOM)
_REVISION = PreparedQuery(lambda room: Room.objects.filter(pk=room).values_list("revision"), room=SOME_ROOM)


def next_revision(room):
    """Take and return the room's next revision number: every open screen of the room asks for what came after.

    Call it first in the transaction that writes. The update holds the room's row until that commits, so
    revisions become visible in their order, and whoever has seen one has seen all before it. The commit announces it.
    """
    _COUNT_UP(room=room.pk)
    [(room.revision,)] = _REVISION(room=room.pk)
    _announce({"room": room.pk, "revision": room.revision})
    return room.revision


def unread_changed(people):
    """Announce that the number of unread notifications may have changed for `people` (ids)."""
    if people := sorted(set(people)):
        _announce({"unread": people})


def access_changed(people):
    """Announce that `people` (ids) may see other rooms than before."""
    if people := sorted(set(people)):
        _announce({"access": people})


def _announce(what):
    # Known by its id where it arrives twice, by a socket and by Redis.
    message = json.dumps({"id": secrets.token_hex(6)} | what, separators=(",", ":")).encode()
    # A function with a name: Django writes it to the log when it fails.
    transaction.on_commit(lambda: transports.send(message), robust=True)
