"""Live streams: server-sent events that update open pages.

The database is the message bus. Each post, edit and removal gives its room the next revision under the room's lock, so
revisions become visible in order. Each stream stores the last revision that was sent to it. While streams are open, a
task in each process polls the revisions of the rooms of connected users, fetches the changes once per room and delivers
to each stream those after its own revision. New posts, replay after a reconnect, other processes and other machines all
use this mechanism. A write in the same process wakes the task, so its changes are delivered without waiting for a poll.

Operations call `hub.wake`. `queries` reads the database in a separate thread, `hub` delivers events to `stream`s after
their `admissions`, also the `news` from rooms that they do not show, and `asgi` is the application at LIVE_PATH.
"""
