"""Live streams: server-sent events that show on open pages what other users write.

The database is the message bus. Each post, edit and removal gives its room the next revision under the room's lock, so
revisions become visible in order. Each stream stores the last revision that it was sent. While streams are open, one
task for each process polls the revisions of the rooms of connected users, fetches what is new once for each room and
delivers it to each stream from the stream's own revision. New posts, replay after a reconnect, other processes and
other machines all use this mechanism. A write in the same process wakes the task, so nobody waits for the next poll.

`publish` is for operations, `queries` reads the database in a thread of its own, `hub` delivers, `sse` formats events
and `asgi` is the application at LIVE_PATH.
"""
