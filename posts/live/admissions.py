"""Streams that wait until their sessions are checked."""

import asyncio
from collections.abc import Awaitable, Callable

from posts.live import queries

SECONDS = 3  # time limit of the database
BATCH = 200  # sessions checked with the same queries


class Admissions:
    """Sessions and rooms of new streams. `check` checks a batch with the same queries."""

    def __init__(self, query: Callable[..., Awaitable]):
        self._query = query
        self._waiting: list[tuple] = []  # (session, room, future)

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, session: str, room: int | None) -> asyncio.Future:
        """Return a future for (user id, proof, Viewer, revision of the room), None if the session is not valid."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((session, room, future))
        return future

    async def wait(self, future: asyncio.Future) -> tuple | None:
        """Return the result of a future. Raises TimeoutError if the database does not respond in time."""
        done, _pending = await asyncio.wait([future], timeout=SECONDS)
        if not done:
            future.cancel()
            raise TimeoutError("the database does not respond")
        return future.result()

    async def check(self) -> None:
        """Check the sessions of a batch."""
        batch = [admission for admission in self._waiting if not admission[2].done()]
        self._waiting = batch[BATCH:]
        if not (batch := batch[:BATCH]):
            return
        rooms = {room for _session, room, _future in batch if room is not None}
        try:
            state = await self._query(queries.load, dict.fromkeys(session for session, *_rest in batch), rooms)
        except Exception as error:
            state = error
        for session, room, future in batch:
            if future.done():  # the client no longer waits
                continue
            if isinstance(state, Exception):
                future.set_exception(state)
                continue
            user, proof = state.sessions.get(session, (None, None))
            viewer = state.viewers.get(user)
            future.set_result(viewer and (user, proof, viewer, state.revisions.get(room)))

    def refuse(self) -> None:
        """Admit none of the streams."""
        for _session, _room, future in self._waiting:
            if not future.done():
                future.set_result(None)
