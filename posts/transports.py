"""How an announcement reaches the hub of every process: this one's, its neighbours' on the machine, other machines'.

Each way is tried and none is trusted: what does not arrive is found in the tables by the hub's sweep.
"""

import asyncio
import contextlib
import logging
import os
import secrets
import socket
import threading
import time
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.crypto import salted_hmac

logger = logging.getLogger("homeroom.live")

SEND_SECONDS = 0.05  # how long a neighbour's full queue may hold up whoever writes
REDIS_SECONDS = 0.5  # ... and how long Redis may
REDIS_REST_SECONDS = 5  # after a failure, Redis is left alone for so long
REDIS_SILENCE_SECONDS = 10  # a connection that says nothing for twice as long is opened anew
LONGEST_PATH = 100  # bytes; the address of a Unix socket has room for 107

_hear = None  # what takes announcements in this process, from any thread


def listen_here(hear):
    """Hand this process's own announcements to `hear(message)`, which any thread may call; None ends that."""
    global _hear
    _hear = hear


def send(message):
    """Send `message` (bytes) to every hub there is. Never raises, and takes a second at the very most."""
    if _hear is not None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: the process ends
            _hear(message)
    _send_to_neighbours(message)
    if settings.REDIS_URL:
        _send_by_redis(message)


def site_name():
    """Return what tells this site's sockets and channel from another's: the same in all its processes."""
    return _site_name(settings.DATABASES["default"]["NAME"], settings.SECRET_KEY)


@lru_cache
def _site_name(database, secret):
    return salted_hmac("posts.transports", database, secret, algorithm="sha256").hexdigest()[:16]


# --- On one machine: a datagram socket for each process ----------------------------------------------------


class NeighbourSocket:
    """Where this process hears its neighbours. Where the machine cannot, `is_open` is False and the sweep faster."""

    def __init__(self):
        self.path = None
        self.transport = None

    @property
    def is_open(self):
        return self.transport is not None

    async def open(self, hear):
        """Begin to hand what arrives to `hear(message)`."""
        folder = _folder()
        if folder is None:
            return
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Not the process id alone: containers that share the folder may have the same one.
            self.path = folder / f"{os.getpid()}-{secrets.token_hex(3)}.sock"
            bound = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            bound.setblocking(False)
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024 * 1024)
            bound.bind(os.fspath(self.path))
            self.path.chmod(0o600)
            loop = asyncio.get_running_loop()
            self.transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(hear), sock=bound)
        except OSError as error:
            logger.warning("Processes here cannot tell each other (%s): screens follow a second later.", error)

    def close(self):
        """Stop, and take the address away."""
        if self.transport is not None:
            self.transport.close()
            self.transport = None
        if self.path is not None:
            self.path.unlink(missing_ok=True)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, hear):
        self.hear = hear

    def datagram_received(self, data, addr):
        self.hear(data)


def _folder():
    if not hasattr(socket, "AF_UNIX"):
        return None
    folder = Path(settings.LIVE_DIR) / site_name()
    return folder if len(os.fsencode(folder)) + 24 < LONGEST_PATH else None


def _send_to_neighbours(message):
    folder = _folder()
    if folder is None:
        return
    try:
        names = os.listdir(folder)
    except OSError:
        return  # nobody listens
    mine = f"{os.getpid()}-" if _hear is not None else None
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
        out.settimeout(SEND_SECONDS)
        for name in names:
            if mine is not None and name.startswith(mine):
                continue
            path = folder / name
            try:
                out.sendto(message, os.fspath(path))
            except (ConnectionRefusedError, FileNotFoundError):
                # Its process was killed.
                with contextlib.suppress(OSError):
                    path.unlink()
            except OSError:
                continue  # full: it will look by itself


# --- Between machines: Redis -------------------------------------------------------------------------------

_redis = None
_redis_lock = threading.Lock()
_redis_rests_until = 0.0


def _channel():
    # Machines share the key and the database's name, whatever the paths on each.
    return f"homeroom:{site_name()}"


def _send_by_redis(message):
    global _redis, _redis_rests_until
    if time.monotonic() < _redis_rests_until:
        return
    import redis

    try:
        with _redis_lock:
            if _redis is None:
                _redis = redis.Redis.from_url(
                    settings.REDIS_URL,
                    socket_timeout=REDIS_SECONDS,
                    socket_connect_timeout=REDIS_SECONDS,
                    retry=None,
                )
        _redis.publish(_channel(), message)
    except (redis.RedisError, OSError) as error:
        _redis_rests_until = time.monotonic() + REDIS_REST_SECONDS
        logger.warning("Redis does not take announcements (%s): other machines' screens follow by themselves.", error)


async def listen_to_redis(hear, look):
    """Hand what Redis brings to `hear(message)` for ever; `look()` is called when something may have been missed."""
    import redis.asyncio

    delay = 0.25
    while True:
        client = redis.asyncio.Redis.from_url(
            settings.REDIS_URL, socket_timeout=None, socket_connect_timeout=2, retry=None, health_check_interval=0
        )
        try:
            async with client, client.pubsub(ignore_subscribe_messages=True) as pubsub:
                await asyncio.wait_for(pubsub.subscribe(_channel()), REDIS_SILENCE_SECONDS)
                look()
                delay = 0.25
                silent = 0
                while silent < 2:
                    message = await pubsub.get_message(timeout=REDIS_SILENCE_SECONDS)
                    if message is None:
                        silent += 1
                        await asyncio.wait_for(pubsub.ping(), REDIS_SILENCE_SECONDS)
                        continue
                    silent = 0
                    if message["type"] == "message":
                        hear(message["data"])
        except (redis.RedisError, OSError, TimeoutError) as error:
            logger.warning("Redis is away (%s); looking into the tables until it is back.", error)
        look()
        await asyncio.sleep(delay)
        delay = min(delay * 2, 4)
