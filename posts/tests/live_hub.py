"""Helpers for tests of the hub in this process."""

import asyncio

from posts.live.hub import Hub


def run_with_hub(test):
    """Run the coroutine function `test` with a hub, and stop the hub afterwards."""

    async def with_hub():
        hub = Hub()
        try:
            await asyncio.wait_for(test(hub), 30)
        finally:
            await hub.stop()
            hub._worker.shutdown()

    asyncio.run(with_hub())


async def wait_until(condition):
    """Wait until `condition()` is true."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


async def read_event(stream, kind=b"posts"):
    """Return the next chunk of a stream that contains an event of this kind."""
    async with asyncio.timeout(10):
        while b"event: " + kind not in (data := await stream.next()):
            assert data, "the stream ended"
    return data
