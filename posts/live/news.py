"""Events about new posts in the rooms that a stream does not show."""

from collections.abc import Collection, Mapping

from posts.live.stream import Stream, event

MAX_POSTS = 20  # of each room; a client that misses more counts too few until it fetches its list again


class RoomNews:
    """The newest posts of each room, and an event about each. The events are the same for every stream."""

    def __init__(self):
        self._newest: dict[int, int] = {}  # {room id: id of its newest post, 0 without posts}
        self._events: dict[int, dict[int, bytes]] = {}  # {room id: {post id: event}}, in order

    def find_changed(self, states: Mapping[int, tuple]) -> dict[int, int | None]:
        """Return {room id: id of its newest known post, None for a new room} of the rooms with newer posts."""
        known = self._newest
        return {room: known.get(room) for room, (_, post, _) in states.items() if post > known.get(room, -1)}

    def add(self, room: int, newest: int, posts: Collection[tuple[int, int]]) -> None:
        """Store `posts`, each (id, id of its author), in order, up to the id `newest`."""
        events = self._events.get(room, {})
        for post, author in posts:
            events[post] = event("room", {"room": room, "post": post, "author": author})
        self._newest[room], self._events[room] = newest, dict([*events.items()][-MAX_POSTS:])

    def send(self, stream: Stream, rooms: Collection[int], sent: Mapping[int, int | None] | None = None) -> None:
        """Send `stream` the events about posts in `rooms` (ids) that its client does not know.

        `sent` is {room id: id of the last post whose event all streams have received}.
        """
        if stream.newest is None:
            return
        for room in rooms:
            if room != stream.room:
                after = max(stream.newest, (sent or {}).get(room) or 0)
                if data := b"".join(event for post, event in self._events.get(room, {}).items() if post > after):
                    stream.push(data)
