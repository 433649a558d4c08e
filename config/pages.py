"""Pages inside an ASGI server: a WSGI application in threads, each answer handed over in one piece."""

import asyncio
import contextvars
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

from a2wsgi import WSGIMiddleware
from a2wsgi.wsgi import Body, WSGIResponder, build_environ

MOST_HELD = 64 * 1024  # bytes
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})  # RFC 9110, section 9.2.1


class Pages(WSGIMiddleware):
    """The WSGI application `app` as an ASGI application, with `readers` threads for safe methods and `writers` for
    the others.

    Threads that read hardly wait for anybody (a page that shows a message saves the session), and the fewer there are,
    the less they take the interpreter from each other. Those that write wait: for the database's lock, a mail server,
    a password's hash. Reading goes on.
    """

    def __init__(self, app, readers, writers):
        super().__init__(app, workers=readers)
        self.writers = ThreadPoolExecutor(writers, thread_name_prefix="WSGI-write")

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        executor = self.executor if scope["method"] in SAFE else self.writers
        await _Responder(self.app, executor, self.send_queue_size)(scope, receive, send)


class _Responder(WSGIResponder):
    """Takes a request whole where it came whole, and holds the answer until it is whole or large.

    For each piece of either (a body; status and headers, content, end) the base class's thread waits for the server's.
    """

    async def __call__(self, scope, receive, send):
        self.pass_on, self.start, self.content, self.size = send, None, [], 0
        environ = build_environ(scope, Body(self.loop, receive))
        if scope["method"] not in SAFE:
            environ["wsgi.input"] = await self._body(receive)
        in_context = contextvars.copy_context().run
        await self.loop.run_in_executor(self.executor, in_context, self.wsgi, environ, self.start_response)
        await self._flush(more=False)

    async def _body(self, receive):
        first = await receive()
        if not first.get("more_body", False):
            return BytesIO(first.get("body", b""))
        pieces = [first]

        async def receive_on():
            return pieces.pop() if pieces else await receive()

        return Body(self.loop, receive_on)

    def send(self, message):
        """Take a piece of the answer, in the thread that produces it."""
        if message["type"] == "http.response.start":
            self.start = message
            return
        self.content.append(message["body"])
        self.size += len(message["body"])
        if self.size > MOST_HELD:
            asyncio.run_coroutine_threadsafe(self._flush(more=True), self.loop).result()

    async def _flush(self, more):
        if self.start is not None:
            await self.pass_on(self.start)
        content = b"".join(self.content)
        self.start, self.content, self.size = None, [], 0
        await self.pass_on({"type": "http.response.body", "body": content, "more_body": more})
