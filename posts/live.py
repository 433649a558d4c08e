"""The one place where "something happened" is announced."""

from django.db.models import F

from posts.models import Room


def next_revision(room):
    """Take and return the room's next revision number: every open screen of the room asks for what came after.

    Call it first in the transaction that writes. The update holds the room's row until that commits, so
    revisions become visible in their order, and whoever has seen one has seen all before it.
    """
    Room.objects.filter(pk=room.pk).update(revision=F("revision") + 1)
    room.revision = Room.objects.values_list("revision", flat=True).get(pk=room.pk)
    return room.revision
