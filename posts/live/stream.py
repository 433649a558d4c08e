"""Server-sent events, and an open live stream."""

import asyncio
import json
from collections.abc import Mapping

from django.conf import settings

MAX_PENDING = 256 * 1024  # bytes; a stream with more is closed, and its client reconnects and continues
MAX_STALLED = 10  # heartbeats without a read until the client is disconnected


def event(kind: str, data: Mapping, id: int | None = None) -> bytes:
    """Return an event. A client that reconnects sends the last `id` that it received."""
    # JSON escapes line breaks, so no text can end the line and start another event.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    prefix = "" if id is None else f"id: {id}\n"
    return f"{prefix}event: {kind}\ndata: {text}\n\n".encode("utf-8", "replace")


# Browsers do not pass comments to scripts, so the heartbeat is an event.
BEAT = event("beat", {})
# The session has ended or the user has too many streams.
CLOSED = event("closed", {})


class Stream:
    """An open connection: its user and session, the room that it shows, and the bytes to send."""

    def __init__(
        self,
        user: int,
        session: str,
        proof: int,
        room: int | None,
        revision: int,
        newest: int | None = None,
        language: str = settings.LANGUAGE_CODE,
    ):
        self.user, self.session, self.proof = user, session, proof
        self.language = language  # of the page
        self.room = room
        self.revision = revision  # the last revision sent
        self.newest = newest  # the newest post in the client's list of rooms, None if it shows no list
        self.unread: int | None = None
        self.pending: list[bytes] = []
        self.stalled = 0  # heartbeats since the client last read something
        self.is_closed = False
        self.waiter: asyncio.Future | None = None
        self.task: asyncio.Task | None = None  # cancelled if the client does not read

    def push(self, data: bytes) -> None:
        """Queue bytes. A stream whose client reads too slowly is disconnected instead."""
        if self.is_closed:
            return
        if self.pending and sum(map(len, self.pending)) > MAX_PENDING:
            return self.abort()
        self.pending.append(data)
        self._notify()

    def set_unread(self, count: int) -> None:
        """Queue the unread count unless the client already has it."""
        if self.unread != count:
            self.unread = count
            self.push(event("unread", {"unread": count}))

    def beat(self) -> None:
        """Queue a heartbeat. A stream whose client reads nothing is disconnected."""
        self.stalled = self.stalled + 1 if self.pending else 0
        if self.stalled > MAX_STALLED:
            self.abort()
        else:
            self.push(BEAT)

    def end(self, data: bytes = b"") -> None:
        """Queue the last bytes and close."""
        if data:
            self.push(data)
        self.is_closed = True
        self._notify()

    def abort(self) -> None:
        """Discard the queue and close."""
        self.pending.clear()
        self.end()
        if self.task is not None:
            self.task.cancel()

    async def next(self) -> bytes:
        """Wait for bytes to send and return them. Return b"" at the end of the stream."""
        while not self.pending and not self.is_closed:
            self.waiter = asyncio.get_running_loop().create_future()
            await self.waiter
        self.waiter = None
        data = self.pending[0] if len(self.pending) == 1 else b"".join(self.pending)
        self.pending.clear()
        return data

    def _notify(self) -> None:
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(None)
