"""Helpers for tests of the hub in this process."""

import asyncio

from posts.live.hub import Hub


def run(test):
    """Run the coroutine function `test` with a hub. Stop the hub at the end."""

    async def with_hub():
        hub = Hub()
        try:
            await asyncio.wait_for(test(hub), 30)
        finally:
            await hub.stop()
            hub._worker.shutdown()

    asyncio.run(with_hub())


async def until(condition):
    """Wait until `condition()` is true."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


async def read(stream, kind=b"posts"):
    """Return the next bytes of a stream that contain an event of this kind."""
    async with asyncio.timeout(10):
        while b"event: " + kind not in (data := await stream.next()):
            assert data, "the stream ended"
    return data
