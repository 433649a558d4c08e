"""A mail server for tests."""

import email
import email.policy
import socketserver
import threading
import time
from contextlib import contextmanager, suppress


class MailServer(socketserver.ThreadingTCPServer):
    """A mail server on a free port of 127.0.0.1. It stores the emails that it accepts in `emails`.

    It refuses the addresses in `refused`. While the event `responding` is not set, it accepts connections and requests
    but does not respond. After `hangs_after` emails, it clears that event. It responds after `delay` seconds.
    """

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def __init__(self, port=0):
        super().__init__(("127.0.0.1", port), _Connection)
        self.emails, self.connections = [], 0
        self.refused, self.hangs_after, self.delay = set(), None, 0
        self.responding, self.arrived = threading.Event(), threading.Condition()
        self.responding.set()

    @property
    def port(self):
        return self.server_address[1]

    @property
    def recipients(self):
        return [message["To"] for message in self.emails]

    def wait_for(self, number, seconds=30):
        """Wait until at least `number` emails have arrived."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.emails) >= number, seconds), f"{len(self.emails)} emails"


class _Connection(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.connections += 1
        with suppress(ConnectionError):  # the worker was killed
            self.respond()

    def respond(self):
        self.reply("220 ready")
        for line in self.rfile:
            command, data = line.split(maxsplit=1)[0].upper(), line.decode()
            if command == b"DATA":
                self.reply("354 go ahead")
                message = b"".join(iter(self.rfile.readline, b".\r\n"))
                with self.server.arrived:
                    self.server.emails.append(email.message_from_bytes(message, policy=email.policy.default))
                    self.server.arrived.notify_all()
                if len(self.server.emails) == self.server.hangs_after:
                    self.server.responding.clear()
            is_refused = command == b"RCPT" and any(address in data for address in self.server.refused)
            self.reply("550 no such user" if is_refused else "250 ok")

    def reply(self, text):
        time.sleep(self.server.delay)
        self.server.responding.wait()
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def mail_server(port=0):
    """Run a MailServer."""
    with MailServer(port) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.responding.set()
            server.shutdown()
            thread.join()
