"""HTTP protocol of the server: uvicorn's, with limits of size, time and number."""

from collections import Counter
from http import HTTPStatus

from django.conf import settings
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from config.server.clients import is_proxy, network, peer_address

HEADER_LIMIT = 64 * 1024  # bytes of a request line, headers and trailers
HEADER_OVERHEAD = 32  # bytes that each header counts in addition to its name and value, as in RFC 9113, 6.5.2
BODY_LIMIT = 4 * 1024 * 1024  # bytes of a request body; `pages` applies it
BODY_IN_MEMORY = 1024 * 1024  # bytes of a request body; `pages` writes a longer body to a temporary file
BODY_PROGRESS = 1024  # bytes of a request body that arrive in REQUEST_SECONDS
REQUEST_SECONDS = 10  # for the headers of a request, and for each BODY_PROGRESS of its body
DISCARD_SECONDS = 30  # for the rest of a request body after the response, such as an upload that is too large
RESPONSE_SECONDS = 30  # without progress of a client that reads; longer, because the kernel reports progress in steps
KEEP_ALIVE_SECONDS = 75  # between requests; longer than in a proxy (nginx: 60), so that it reuses no closed connection
PIPELINE_LIMIT = 8  # requests of a connection that wait for earlier responses; neither browsers nor nginx send any
# Of a network, in each process: requests that have not arrived completely, and bytes of request bodies in memory. The
# proxy is exempt.
UNFINISHED_LIMIT = 200
STORED_LIMIT = 64 * 1024 * 1024
STOP_SECONDS = 4  # for responses when the server stops; live streams end immediately
STOP_UNFINISHED_SECONDS = 0.5  # for requests that have not arrived completely when the server stops

_unfinished: Counter[str] = Counter()  # requests that have not arrived completely, by network
_stored: Counter[str] = Counter()  # bytes of request bodies that have no response, by network


class LimitExceeded(Exception):
    """A request exceeds a limit. The parser stops, and `refusal` is the status of the response."""


class LimitedProtocol(HttpToolsProtocol):
    """A connection that closes if its client exceeds the limits above.

    It overrides the methods that asyncio, the parser and the server call, and uses these attributes of uvicorn's class:
    `client`, `cycle` (the last request: `response_started`, `response_complete`), `pipeline` (requests that wait for
    the response to an earlier one) and `flow.read_paused`.
    """

    def connection_made(self, transport):
        super().connection_made(transport)
        # uvicorn calls `getpeername`, which fails for a client that has already disconnected. It must not look like a
        # client of a Unix socket, which can be the proxy.
        if self.client is None and isinstance(address := transport.get_extra_info("peername"), tuple):
            self.client = address[:2]
        peer = peer_address(self.client)
        self.network = "" if is_proxy(peer) else network(peer)
        self.refusal = HTTPStatus.BAD_REQUEST  # of a request that the parser does not accept
        self.has_arrived = self.is_counted = False  # the last request
        self.in_headers = True
        self.header_bytes = self.body_bytes = self.unparsed_bytes = self.stored_bytes = 0
        self.request_timer = self.loop.call_later(REQUEST_SECONDS, self._check_request)
        self.response_timer = None
        transport.set_write_buffer_limits(high=0)  # so that `pause_writing` is called if any data has to wait

    def connection_lost(self, exc):
        self._end_request()
        self._release_body()
        if self.response_timer:
            self.response_timer.cancel()
        super().connection_lost(exc)

    def shutdown(self):
        super().shutdown()
        self.loop.call_later(STOP_UNFINISHED_SECONDS, lambda: self.has_arrived or self.transport.abort())

    # --- Size of requests ---

    def data_received(self, data):
        self.has_arrived = False
        self.unparsed_bytes += len(data)
        super().data_received(data)
        if self.header_bytes + self.unparsed_bytes > HEADER_LIMIT:  # a header or a chunk extension without an end
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif self.has_arrived:
            self._end_request()
        else:
            self._wait_for_request()

    def on_message_begin(self):
        self.has_arrived, self.in_headers, self.header_bytes = False, True, 0
        super().on_message_begin()

    def on_url(self, url):
        self._count_header(len(url))
        super().on_url(url)

    def on_header(self, name, value):
        self._count_header(len(name) + len(value) + HEADER_OVERHEAD)
        if self.in_headers:  # otherwise it is a trailer, which must not become a header (RFC 9110, 6.5.1)
            super().on_header(name, value)

    def on_headers_complete(self):
        super().on_headers_complete()
        self.in_headers = False
        if len(self.pipeline) > PIPELINE_LIMIT:
            self._stop(HTTPStatus.TOO_MANY_REQUESTS)
        if self.request_timer:
            self._start_request_timer()

    def on_body(self, body):
        self.unparsed_bytes = 0
        self.body_bytes += len(body)
        if not self.cycle.response_complete:  # otherwise the body is discarded
            self._store(len(body))
            if self.body_bytes >= BODY_PROGRESS and self.request_timer:
                self._start_request_timer()
        super().on_body(body)

    def on_message_complete(self):
        self.unparsed_bytes, self.has_arrived = 0, True
        super().on_message_complete()
        if self.cycle.response_complete:
            super().on_response_complete()  # starts the keep-alive timeout, which the rest of the body has cancelled

    def send_400_response(self, msg):
        """Refuse a request that the parser or a method above did not accept."""
        self._refuse(self.refusal)

    def _count_header(self, size):
        self.unparsed_bytes = 0
        self.header_bytes += size
        if self.header_bytes > HEADER_LIMIT:
            self._stop(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def _store(self, size):
        if self.network:
            size = min(size, BODY_IN_MEMORY - self.stored_bytes)
            _stored[self.network] += size
            self.stored_bytes += size
            if _stored[self.network] > STORED_LIMIT:
                self._stop(HTTPStatus.TOO_MANY_REQUESTS)

    def _release_body(self):
        _subtract(_stored, self.network, self.stored_bytes)
        self.stored_bytes = 0

    def _stop(self, refusal):
        self.refusal = refusal
        raise LimitExceeded

    def _refuse(self, status):
        if self.in_headers:
            is_next_response = self.cycle is None or self.cycle.response_complete
        else:
            is_next_response = not (self.cycle.response_started or self.pipeline)
        if is_next_response:  # otherwise the client would take the text for the response to another request
            headers = settings.RESPONSE_HEADERS | {"Content-Type": "text/plain", "Content-Length": len(status.phrase)}
            lines = [f"HTTP/1.1 {status} {status.phrase}", *(f"{name}: {value}" for name, value in headers.items())]
            self.transport.write("\r\n".join([*lines, "Connection: close", "", status.phrase]).encode())
        self.transport.close()

    # --- Time and number of unfinished requests ---

    def _wait_for_request(self):
        if not self.is_counted and self.network:
            if _unfinished[self.network] >= UNFINISHED_LIMIT:
                return self._refuse(HTTPStatus.TOO_MANY_REQUESTS)
            _unfinished[self.network] += 1
            self.is_counted = True
        if not self.request_timer:
            self._start_request_timer()

    def _end_request(self):
        if self.is_counted:
            self.is_counted = False
            _subtract(_unfinished, self.network, 1)
        if self.request_timer:
            self.request_timer.cancel()
            self.request_timer = None

    def _start_request_timer(self):
        if self.request_timer:
            self.request_timer.cancel()
        self.body_bytes = 0
        self.request_timer = self.loop.call_later(REQUEST_SECONDS, self._check_request)

    def _check_request(self):
        if self.flow.read_paused:  # the client cannot send more
            self._start_request_timer()
        else:
            self.transport.close()

    # --- Time of responses ---

    def on_response_complete(self):
        self._release_body()
        super().on_response_complete()
        if self.cycle.response_complete and not self.has_arrived and not self.in_headers:
            self._end_request()
            self.request_timer = self.loop.call_later(DISCARD_SECONDS, self.transport.close)

    def pause_writing(self):
        super().pause_writing()
        self._wait_for_reader()

    def resume_writing(self):
        super().resume_writing()
        self.response_timer.cancel()

    def _wait_for_reader(self):
        size = self.transport.get_write_buffer_size()
        self.response_timer = self.loop.call_later(RESPONSE_SECONDS, self._check_response, size)

    def _check_response(self, size):
        if self.transport.get_write_buffer_size() < size:
            self._wait_for_reader()
        else:
            self.transport.abort()


def _subtract(counter, key, number):
    counter[key] -= number
    if not counter[key]:
        del counter[key]
