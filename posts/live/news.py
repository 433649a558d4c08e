"""Events about new posts in the rooms that a stream does not show."""

from collections.abc import Collection, Mapping

from posts.live.stream import Stream, event


class RoomNews:
    """The newest post of each room, and the event about it. The event is the same for every stream."""

    def __init__(self):
        self._newest: dict[int, tuple[int, bytes]] = {}  # {room id: (post id, event)}

    def update(self, states: Mapping[int, tuple]) -> set[int]:
        """Store the newest posts of a poll, and return the ids of the rooms with a new one."""
        changed = set()
        for room, (_revision, post, author) in states.items():
            if room not in self._newest or post > self._newest[room][0]:
                self._newest[room] = post, event("room", {"room": room, "post": post, "author": author})
                changed.add(room)
        return changed

    def send(self, stream: Stream, rooms: Collection[int]) -> None:
        """Send `stream` the events about `rooms` (ids) with a post that its client does not know."""
        if stream.newest is None:
            return
        for room in rooms:
            post, data = self._newest.get(room, (0, b""))
            if post > stream.newest and room != stream.room:
                stream.push(data)
