"""Threads that run pages, and the requests that get no response because the database hangs or no thread is free."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

SAFE_ONLY_THREADS = 2  # threads that never run unsafe methods, which may wait for locks and hashes
CHECK_AFTER = 1  # second without a response until the database is checked
LIMIT = 2.5  # seconds without a response until the request is given up, so that its error page arrives within 3 s


class Stalled(Exception):
    """A request gets no response, because the database does not respond or no thread is free."""


class PageThreads:
    """A pool of threads that start responses. Unsafe requests run in all threads except SAFE_ONLY_THREADS of them.

    If these threads are busy, unsafe requests wait in the event loop. Forms with files run one at a time, because a
    picture takes memory to decode. `responds(seconds)` checks the database.
    """

    def __init__(self, threads: int, responds: Callable[[float], Awaitable[bool]]):
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="page")
        self._responds = responds
        self._unsafe_slots = asyncio.Semaphore(max(threads - SAFE_ONLY_THREADS, 1))
        self._upload_slot = asyncio.Lock()
        # Times of the event loop, by `is_safe`: of the last response with a status other than 503, and of the last 503.
        self._succeeded_at = {True: 0.0, False: 0.0}
        self._failed_at = {True: 0.0, False: 0.0}

    async def start(self, response) -> bytes:
        """Return `response.start()`. Raises Stalled if it is stuck or the database does not respond.

        Requests that wait for an upload, or while others succeed, are not given up: pictures and password hashes take
        time. After Stalled, a response that has not started never starts, and a response that has started continues.
        """
        loop = asyncio.get_running_loop()
        task = loop.create_task(self._start(response))
        done, _pending = await asyncio.wait([task], timeout=CHECK_AFTER)
        while not done:
            check = loop.create_task(self._responds(LIMIT - CHECK_AFTER))
            done, _pending = await asyncio.wait([task], timeout=LIMIT - CHECK_AFTER)
            if not done and (not await check or self._is_stuck(response)):
                self._abandon(response, task)
                raise Stalled
        return task.result()

    async def _start(self, response):
        # In this order, so that uploads that wait do not occupy the slots of other forms.
        async with self._upload_slot if response.is_upload else nullcontext():
            response.is_waiting = True
            async with nullcontext() if response.is_safe else self._unsafe_slots:
                response.job = self.pool.submit(response.start)
                chunk = await asyncio.wrap_future(response.job)
        times = self._failed_at if response.status == 503 else self._succeeded_at
        times[response.is_safe] = asyncio.get_running_loop().time()
        return chunk

    def _is_stuck(self, response):
        """Return whether no such request has succeeded for LIMIT seconds, and this one waits or others have failed.

        A request that waits too long for a lock fails. The next request in its thread would then wait as long again.
        """
        since = asyncio.get_running_loop().time() - LIMIT
        last_success = max(self._succeeded_at.values()) if response.is_safe else self._succeeded_at[False]
        if last_success > since or not response.is_waiting:
            return False
        has_started = response.job is not None and (response.job.running() or response.job.done())
        return not has_started or self._failed_at[response.is_safe] > since

    def _abandon(self, response, task):
        if response.job is None or response.job.cancel():
            task.cancel()
        else:
            task.add_done_callback(lambda _task: response.more and self.pool.submit(response.close))
