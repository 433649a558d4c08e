"""Open streams of this process, and the task that polls the database for them."""

import asyncio
import contextlib
import logging
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context

from django.conf import settings
from django.db import transaction

from config.logs import describe
from posts.live import queries
from posts.live.admissions import Admissions
from posts.live.news import RoomNews
from posts.live.stream import CLOSED, Stream, event

logger = logging.getLogger("homeroom.live")

CHECK_SECONDS = 3  # between two checks of a stream's session and room, and between two heartbeats
BEAT_PARTS = 10  # parts of the interval over which heartbeats are spread, so that they do not delay posts
IDLE_SECONDS = 3  # until the connection is closed, so that invalid sessions do not each cost one
RETRY_SECONDS = 3  # until the next attempt for a room whose posts could not be read
MAX_STREAMS = 12  # per user; a further one ends the oldest


def wake(*users: int) -> None:
    """Deliver changes without waiting for a poll, after the commit. Operations call it.

    `users` are the ids of users whose unread count, or the rooms that they can see, may have changed.
    """
    if hub := Hub.current:
        transaction.on_commit(lambda: hub.loop.call_soon_threadsafe(hub.wake, users), robust=True)


class Hub:
    """Open streams of this process. Call its methods in the event loop."""

    current: "Hub | None" = None  # the hub of this process, if it has had a stream

    def __init__(self):
        self.loop = asyncio.get_running_loop()
        self.streams: set[Stream] = set()
        self.rooms: dict[int, set[Stream]] = {}  # the streams that show each room
        self.users: dict[int, list[Stream]] = {}  # the oldest stream first
        self.viewers: dict[int, queries.Viewer] = {}
        self.is_closed = False
        self._admissions = Admissions(self._query)
        self._news = RoomNews()
        self._tasks: list[asyncio.Task] = []
        self._rooms: set[int] = set()  # of all viewers
        self._retry_at: dict[int, float] = {}  # of rooms whose posts could not be read
        self._wakeup = asyncio.Event()
        self._changed_users: set[int] = set()
        self._newest_notification: int | None = None
        self._is_failing = False
        # Queries run in one thread, so that a database that hangs does not block the event loop.
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="live")
        Hub.current = self

    # --- Opening and closing streams ---

    async def admit(self, session: str, room: int | None, after: int, *page) -> Stream | None:
        """Open a stream for the user of a session. It shows a room from the revision `after`.

        `page` are the newest post in the page's list of rooms, None without a list, and the language of the page.
        Returns None if the session is not valid. Raises TimeoutError if the database does not respond in time.
        """
        future = self._admissions.add(session, room)
        self._start()
        self._wakeup.set()
        admitted = await self._admissions.wait(future)
        if admitted is None or self.is_closed:
            return None
        user, proof, viewer, revision = admitted
        stream = Stream(user, session, proof, room, after, *page)
        self.add(stream)
        self._set_viewers({user: viewer})
        self._news.send(stream, viewer.rooms)
        if stream.room is not None and revision is None:
            self._leave_room(stream, event("gone", {"room": room}))
        elif stream.room is not None and after > revision:
            # The database was restored from a backup.
            self._leave_room(stream, event("reload", {"room": room}))
        return stream

    def add(self, stream: Stream) -> None:
        """Add a stream. The next poll delivers the changes since its revision."""
        self.streams.add(stream)
        streams = self.users.setdefault(stream.user, [])
        streams.append(stream)
        if len(streams) > MAX_STREAMS:
            self._end(streams[0], CLOSED)
        if stream.room is not None:
            self.rooms.setdefault(stream.room, set()).add(stream)
        self._start()
        self._wakeup.set()

    def remove(self, stream: Stream) -> None:
        """Remove a stream from its room and user."""
        if stream not in self.streams:
            return
        self.streams.discard(stream)
        self._leave_room(stream)
        streams = self.users[stream.user]
        streams.remove(stream)
        if not streams:
            del self.users[stream.user]
            self.viewers.pop(stream.user, None)

    def end_streams(self) -> None:
        """End all streams and accept no new ones, because the server is stopping."""
        self.is_closed = True
        for stream in self.streams:
            stream.end()
        self._admissions.refuse()

    async def stop(self) -> None:
        """End all streams and the task."""
        self.end_streams()
        Hub.current = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._worker.submit(queries.disconnect)
        self._worker.shutdown(wait=False)

    def _end(self, stream: Stream, event: bytes) -> None:
        self.remove(stream)
        stream.end(event)

    def _leave_room(self, stream: Stream, event: bytes = b"") -> None:
        if stream.room is not None:
            self.rooms[stream.room].discard(stream)
            if not self.rooms[stream.room]:
                del self.rooms[stream.room]
        stream.room = None
        if event:
            stream.push(event)

    # --- Polling while streams are open ---

    def wake(self, users: Collection[int] = ()) -> None:
        """Poll now, and update the unread counts and the rooms of `users` (ids)."""
        if self.streams:
            self._changed_users.update(users)
            self._wakeup.set()

    def _start(self) -> None:
        if not self._tasks and not self.is_closed:
            # In an empty context, which does not contain the id of the request that opens the first stream.
            tasks = (self._run(), self._send_heartbeats())
            self._tasks = [self.loop.create_task(task, context=Context()) for task in tasks]

    async def _run(self) -> None:
        check_at, end_at = self.loop.time() + CHECK_SECONDS, 0.0
        while not self.is_closed and (self.streams or self._admissions or self.loop.time() < end_at):
            if self.streams or self._admissions:
                end_at = self.loop.time() + IDLE_SECONDS
            self._wakeup.clear()
            await self._admissions.check()
            if self._admissions:
                self._wakeup.set()
            try:
                if self.loop.time() >= check_at:
                    check_at = self.loop.time() + CHECK_SECONDS
                    await self.check()
                await self.poll()
                self._is_failing = False
            except Exception as error:
                # Log only the first of several failures, because the next attempt follows after a tenth of a second.
                if not self._is_failing:
                    logger.warning("Live streams cannot read the database (%s).", describe(error))
                self._is_failing = True
            # Before Python 3.12, `wait_for` can lose a cancellation.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(settings.LIVE_POLL_SECONDS):
                    await self._wakeup.wait()
        self._newest_notification = None
        self._tasks.pop().cancel()
        self._tasks.clear()
        await self._query(queries.disconnect)

    async def _query(self, query, *args):
        try:
            return await self.loop.run_in_executor(self._worker, query, *args)
        except Exception:
            self._worker.submit(queries.disconnect)
            raise

    async def poll(self) -> None:
        """Deliver changes in the rooms of connected users, and new unread counts."""
        rooms = self._rooms | self.rooms.keys()
        states, notification = await self._query(queries.poll, rooms)
        for room in rooms & self.rooms.keys():
            await self._update_room(room, states[room][0] if room in states else None)
        users, self._changed_users = self._changed_users, set()
        if self._newest_notification is not None and notification > self._newest_notification:
            users |= await self._query(queries.recipients_since, self._newest_notification)
        self._newest_notification = notification
        if users := users & self.users.keys():
            self._set_viewers(await self._query(queries.viewers, users))
        # After the viewers, so that a user who was removed from a room receives nothing about it.
        await self._send_news(states)

    async def _send_news(self, states: Mapping[int, tuple]) -> None:
        """Send an event about each new post to the streams of the room's members that show another room."""
        sent = self._news.find_changed(states)
        if not sent:
            return
        for room, posts in (await self._query(queries.new_posts, sent, states)).items():
            self._news.add(room, states[room][1], posts)
        for user, streams in self.users.items():
            visible = sent.keys() & self.viewers[user].rooms if user in self.viewers else ()
            for stream in streams:
                self._news.send(stream, visible, sent)

    async def _update_room(self, room: int, revision: int | None) -> None:
        streams = [*self.rooms.get(room, ())]
        after = min((stream.revision for stream in streams), default=0)
        if not streams or (revision is not None and revision <= after):
            return
        if revision is None:  # the room was deleted
            for stream in streams:
                self._leave_room(stream, event("gone", {"room": room}))
            return
        if self.loop.time() < self._retry_at.get(room, 0):
            return
        try:
            users, languages = ({getattr(stream, name) for stream in streams} for name in ("user", "language"))
            changes = await self._query(queries.fetch, room, after, revision, users, languages)
        except Exception as error:
            logger.warning("The new posts of room %s cannot be read (%s).", room, describe(error))
            self._retry_at[room] = self.loop.time() + RETRY_SECONDS
            return
        # Only to these streams, because a stream that was admitted during the query may need older changes.
        self.deliver(room, streams, changes)

    def deliver(self, room: int, streams: Iterable[Stream], changes: queries.Changes) -> None:
        """Send each stream the changes to the room after its own revision."""
        data: dict[tuple[str, int], bytes] = {}  # by the language and the revision from which a stream continues
        for stream in streams:
            if stream.room != room:
                continue
            if stream.user not in changes.readers:
                self._leave_room(stream, event("gone", {"room": room}))
            elif stream.revision < changes.since:
                self._leave_room(stream, event("reload", {"room": room}))
            else:
                key = stream.language, stream.revision
                if key not in data:
                    data[key] = changes.events_after(*key)
                if data[key]:
                    stream.push(data[key])
                stream.revision = max(stream.revision, changes.revision)

    async def check(self) -> None:
        """End streams of ended sessions, remove streams from rooms that are no longer visible, and update counts."""
        proofs = {stream.session: stream.proof for stream in self.streams}
        state = await self._query(queries.load, proofs)
        for stream in [*self.streams]:
            if stream.session not in proofs:  # admitted during the query
                continue
            user, proof = state.sessions.get(stream.session, (None, None))
            if user == stream.user:
                stream.proof = proof
            else:
                self._end(stream, CLOSED)
        self._set_viewers(state.viewers)
        self._rooms = set().union(*(viewer.rooms for viewer in self.viewers.values()))

    def _set_viewers(self, viewers: dict[int, queries.Viewer]) -> None:
        # Not users whose last stream was closed during the query.
        for user in viewers.keys() & self.users.keys():
            viewer = self.viewers[user] = viewers[user]
            self._rooms |= viewer.rooms
            for stream in self.users[user]:
                stream.set_unread(viewer.unread)
                if stream.room is not None and not viewer.can_see(stream.room):
                    self._leave_room(stream, event("gone", {"room": stream.room}))

    async def _send_heartbeats(self) -> None:
        while True:
            streams = [*self.streams]
            share = -(-len(streams) // BEAT_PARTS)
            for part in range(BEAT_PARTS):
                await asyncio.sleep(CHECK_SECONDS / BEAT_PARTS)
                for stream in streams[part * share : (part + 1) * share]:
                    stream.beat()
