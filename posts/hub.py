"""Who looks at what, in this process: open streams, the rooms that they show, and what is fetched for them.

Everything here runs in the event loop but the functions of `posts.lookups`, each of which is one short job in a worker
thread: it borrows a database connection and gives it back. A stream itself holds neither.
"""

import asyncio
import contextlib
import json
import logging
import random
from collections import deque
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings

from posts import lookups, transports
from posts.frames import BYE, HEARTBEAT, gone_frame, reload_frame, unread_frame

logger = logging.getLogger("homeroom.live")

SWEEP_SECONDS = (
    2  # what the tables say is looked up so often; a session that ended closes its stream within two of them
)
ALONE_SWEEP_SECONDS = 1  # ... where no other process can tell this one what happens
UNREAD_EVERY = 3  # sweeps: an unread count that nobody announced
HEARTBEAT_SECONDS = 15
MOST_WAITING = 300  # frames for a browser that does not read; it is cut off and comes back for the rest
STUCK_SECONDS = 60  # a stream whose browser takes nothing for so long is dropped
JOBS = 4  # threads


class Stream:
    """One browser's connection: who it is, how far each of its rooms was sent, and what waits to be sent."""

    __slots__ = (
        "closing",
        "facts",
        "frames",
        "held",
        "proof",
        "rooms",
        "session",
        "stuck_since",
        "task",
        "user",
        "wake",
    )

    def __init__(self, user, session, proof, facts):
        self.user = user
        self.session = session
        self.proof = proof
        self.rooms = {}
        self.frames = []
        self.held = None  # what happened while what was missed is still being fetched: [(room, frame)]
        self.wake = None
        self.closing = False
        self.facts = facts
        self.stuck_since = None
        self.task = None

    def push(self, data):
        """Queue bytes; a browser that takes nothing is cut off, and gets the rest when it comes back."""
        if self.closing:
            return
        if len(self.frames) >= MOST_WAITING:
            self.frames.clear()
            self.end()
            return
        self.frames.append(data)
        self._wake_up()

    def push_post(self, room, frame):
        """Queue a post of a room, unless this stream has it or a newer version."""
        if self.held is not None:
            self.held.append((room, frame))
        elif frame.revision > self.rooms.get(room, frame.revision):
            self.rooms[room] = frame.revision
            self.push(frame.for_rooms(self.rooms))

    def end(self, last_words=None):
        """Let the stream finish what is queued and close."""
        if last_words is not None:
            self.push(last_words)
        self.closing = True
        self._wake_up()

    def _wake_up(self):
        if self.wake is not None and not self.wake.done():
            self.wake.set_result(None)

    async def take(self):
        """Return what is queued as one piece of bytes, waiting for it; b"" when the stream is at its end."""
        while not self.frames and not self.closing:
            self.wake = asyncio.get_running_loop().create_future()
            await self.wake
        self.wake = None
        data = self.frames[0] if len(self.frames) == 1 else b"".join(self.frames)
        self.frames.clear()
        return data


class Channel:
    """A room that somebody here looks at: up to which revision it was sent on, and to whom."""

    __slots__ = ("is_running", "revision", "streams", "wanted")

    def __init__(self, revision):
        self.revision = revision
        self.wanted = revision
        self.is_running = False
        self.streams = set()


class Hub:
    """All open streams of this process."""

    def __init__(self):
        self.loop = asyncio.get_running_loop()
        self.streams = set()
        self.people = {}
        self.channels = {}
        self.is_closing = False
        self._jobs = ThreadPoolExecutor(JOBS, thread_name_prefix="live")
        self._tasks = set()
        self._heard = deque(maxlen=512)
        self._unread = set()
        self._facts = {}
        self._unread_facts = {}
        self._look_now = asyncio.Event()
        self._neighbours = transports.NeighbourSocket()

    # --- Its life ---

    async def start(self):
        """Begin to listen and to look."""
        transports.listen_here(self._hear_from_any_thread)
        await self._neighbours.open(self.hear)
        if settings.REDIS_URL:
            self._spawn(transports.listen_to_redis(self.hear, self._look_now.set))
        self._spawn(self._sweep_for_ever())
        self._spawn(self._beat_for_ever())

    def end_streams(self):
        """Tell every stream to end, and admit no more: the server stops."""
        self.is_closing = True
        for stream in self.streams:
            stream.end()

    async def stop(self):
        """Stop listening and looking."""
        self.end_streams()
        transports.listen_here(None)
        self._neighbours.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._jobs.shutdown(wait=False, cancel_futures=True)

    def _spawn(self, coroutine):
        task = self.loop.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _do(self, job, *args):
        return self.loop.run_in_executor(self._jobs, lookups.alone, job, *args)

    # --- Streams come and go ---

    async def admit(self, session_key, cursors):
        """Open a stream for the person whose session this is, showing the rooms of `cursors`; None if nobody is in.

        What was missed since the cursors is queued first, then what happened meanwhile, each post once.
        """
        visitor = await self._do(lookups.identify, session_key, list(cursors))
        if visitor is None or self.is_closing:
            return None
        stream = Stream(visitor.user, session_key, visitor.proof, visitor.facts)
        stream.push(unread_frame(visitor.unread))
        missed = {}
        for room, seen in cursors.items():
            now = visitor.rooms.get(room)
            if now is None:
                stream.push(gone_frame(room))
            elif seen > now:
                stream.push(reload_frame(room))  # the tables were put back to an older state
            else:
                channel = self.channels.setdefault(room, Channel(now))
                channel.streams.add(stream)
                stream.rooms[room] = seen
                if seen < max(now, channel.revision):
                    missed[room] = seen
                self._poke(room, now)
        self.streams.add(stream)
        self.people.setdefault(stream.user, set()).add(stream)
        if missed:
            stream.held = []
            self._spawn(self._catch_up(stream, missed))
        return stream

    def leave(self, stream):
        """Forget a stream that is closed."""
        self.streams.discard(stream)
        theirs = self.people.get(stream.user)
        if theirs is not None:
            theirs.discard(stream)
            if not theirs:
                del self.people[stream.user]
        for room in list(stream.rooms):
            self._take_out(stream, room)

    def _take_out(self, stream, room):
        stream.rooms.pop(room, None)
        channel = self.channels.get(room)
        if channel is not None:
            channel.streams.discard(stream)
            if not channel.streams:
                del self.channels[room]

    async def _catch_up(self, stream, missed):
        try:
            for room, seen in missed.items():
                frames = await self._do(lookups.changes, room, seen, None)
                if room not in stream.rooms:
                    continue
                if frames is None or frames.is_too_much:
                    self._take_out(stream, room)
                    stream.push(reload_frame(room))
                    continue
                # At once, past the bound: these are many, and the browser asked for them.
                if not stream.closing:
                    for frame in frames.posts:
                        stream.rooms[room] = frame.revision
                        stream.frames.append(frame.for_rooms(stream.rooms))
        except Exception as error:
            logger.warning("What a browser missed cannot be read (%s).", error)
            stream.end()
            return
        held, stream.held = stream.held, None
        for room, frame in held:
            stream.push_post(room, frame)
        stream._wake_up()

    # --- What happens ---

    def _hear_from_any_thread(self, message):
        if self.streams:  # else nobody here to tell
            self.loop.call_soon_threadsafe(self.hear, message)

    def hear(self, message):
        """Take an announcement (bytes), from wherever it comes; one that is known or makes no sense is dropped."""
        if not self.streams:
            return
        try:
            said = json.loads(message)
            name = said["id"]
            if name in self._heard:
                return
            self._heard.append(name)
            if "room" in said:
                self._poke(int(said["room"]), int(said["revision"]))
            for person in said.get("unread", ()):
                self._count_soon(person)
            for person in said.get("access", ()):
                if person in self.people:
                    self._spawn(self._check_access([person]))
                    self._count_soon(person)
        except (ValueError, TypeError, KeyError):
            logger.warning("An announcement makes no sense; dropped.")

    def _poke(self, room, revision):
        channel = self.channels.get(room)
        if channel is None or revision <= channel.revision:
            return
        channel.wanted = max(channel.wanted, revision)
        if not channel.is_running:
            channel.is_running = True
            self._spawn(self._bring(room, channel))

    async def _bring(self, room, channel):
        """Fetch what is new in a room, once for all its streams, for as long as there is something."""
        try:
            while channel.wanted > channel.revision and channel.streams:
                wanted = channel.wanted
                people = {stream.user for stream in channel.streams}
                frames = await self._do(lookups.changes, room, channel.revision, people)
                if frames is None:
                    self._lose(room, list(channel.streams))
                    return
                if frames.is_too_much:
                    for stream in list(channel.streams):
                        self._take_out(stream, room)
                        stream.push(reload_frame(room))
                    return
                strangers = people - frames.readers if frames.posts else ()
                for frame in frames.posts:
                    for stream in channel.streams:
                        # Whoever came while the fetch was under way was let in by what the tables said then.
                        if stream.user not in strangers:
                            stream.push_post(room, frame)
                if strangers:
                    self._spawn(self._check_access(strangers))
                # An announcement that promised more than the table has is not waited for.
                channel.revision = max(channel.revision, frames.revision)
                if wanted == channel.wanted:
                    channel.wanted = channel.revision
        except Exception as error:
            # The sweep sees that the room is ahead of its streams and tries again.
            logger.warning("What is new in a room cannot be read (%s).", error)
            channel.wanted = channel.revision
        finally:
            channel.is_running = False

    def _lose(self, room, streams):
        for stream in streams:
            if room in stream.rooms:
                self._take_out(stream, room)
                stream.push(gone_frame(room))

    def _count_soon(self, person):
        if person not in self.people:
            return
        if not self._unread:
            self._spawn(self._count())
        self._unread.add(person)

    async def _count(self):
        await asyncio.sleep(0)  # whatever else was announced in the same breath
        people, self._unread = self._unread, set()
        with _said("Unread counts cannot be read"):
            counts = await self._do(lookups.unread_counts, people)
            for person, number in counts.items():
                frame = unread_frame(number)
                for stream in self.people.get(person, ()):
                    stream.push(frame)

    async def _check_access(self, people):
        rooms = {person: {room for stream in self.people.get(person, ()) for room in stream.rooms} for person in people}
        with _said("Who may see what cannot be read"):
            visible = await self._do(lookups.visible_rooms, {person: asked for person, asked in rooms.items() if asked})
            for person, seen in visible.items():
                for stream in list(self.people.get(person, ())):
                    for room in rooms[person] - seen:
                        self._lose(room, [stream])

    # --- What the tables say, whether or not somebody announced it ---

    async def _sweep_for_ever(self):
        number = 0
        while True:
            seconds = SWEEP_SECONDS if self._neighbours.is_open or settings.REDIS_URL else ALONE_SWEEP_SECONDS
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._look_now.wait(), seconds)
            self._look_now.clear()
            number += 1
            if self.streams:
                with _said("The live sweep cannot read the tables"):
                    await self._sweep(with_unread=number % UNREAD_EVERY == 0)

    async def _sweep(self, with_unread):
        sessions = {stream.session for stream in self.streams}
        people = set(self.people)
        seen = await self._do(lookups.state_of, sessions, people, set(self.channels), with_unread)
        for stream in list(self.streams):
            if stream.session in sessions and seen.sessions.get(stream.session) != (stream.user, stream.proof):
                stream.end(BYE)
        suspects = set()
        for person, facts in seen.people.items():
            for stream in self.people.get(person, ()):
                if stream.facts != facts:
                    stream.facts = facts
                    suspects.add(person)
        for room, channel in list(self.channels.items()):
            if room not in seen.rooms:
                continue
            revision, facts = seen.rooms[room]
            if revision is None:
                self._lose(room, list(channel.streams))
                continue
            if self._facts.setdefault(room, facts) != facts:
                self._facts[room] = facts
                suspects |= {stream.user for stream in channel.streams}
            self._poke(room, revision)
        for room in self._facts.keys() - self.channels.keys():
            del self._facts[room]
        if suspects:
            await self._check_access(suspects)
        if with_unread:
            for person, facts in seen.unread.items():
                if self._unread_facts.get(person, facts) != facts:
                    self._count_soon(person)
            self._unread_facts = seen.unread
        self._drop_stuck()

    def _drop_stuck(self):
        now = self.loop.time()
        for stream in self.streams:
            if not stream.frames and not stream.closing:
                stream.stuck_since = None
            elif stream.stuck_since is None:
                stream.stuck_since = now
            elif now - stream.stuck_since > STUCK_SECONDS and stream.task is not None:
                stream.task.cancel()

    async def _beat_for_ever(self):
        # A share of the streams each second: no moment at which all of them are written to.
        while True:
            streams = list(self.streams)
            random.shuffle(streams)
            share = -(-len(streams) // HEARTBEAT_SECONDS)
            for second in range(HEARTBEAT_SECONDS):
                await asyncio.sleep(1)
                for stream in streams[second * share : (second + 1) * share]:
                    stream.push(HEARTBEAT)


@contextlib.contextmanager
def _said(what):
    """Log what went wrong in one line and go on: the next sweep tries again."""
    try:
        yield
    except Exception as error:
        logger.warning("%s (%s).", what, error)
