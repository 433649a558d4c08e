"""A server in separate processes, measured through /proc."""

import contextlib
import http.client
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings

TICKS = os.sysconf("SC_CLK_TCK")


class MeasuredServer:
    """Context manager that runs the production server with one worker on a free `port`."""

    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def __enter__(self):
        serve = ["manage.py", "serve", "--workers", "1", "--no-worker", "--no-static", "--port", str(self.port)]
        self.process = subprocess.Popen([sys.executable, *serve], cwd=settings.BASE_DIR)  # noqa: S603
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(OSError):
                client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
                client.request("GET", "/healthz")
                client.getresponse()  # of the worker: the main process only listens
                client.close()
                return self
            time.sleep(0.1)
        self.process.kill()
        raise RuntimeError("The server did not start.")

    def __exit__(self, *error):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _worker(self):
        """Return the folder of the worker process in /proc."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        folders = [Path(f"/proc/{pid}") for pid in children]
        return next(folder for folder in folders if b"resource_tracker" not in (folder / "cmdline").read_bytes())

    def memory(self):
        """Return the private memory in bytes."""
        return int(re.search(r"RssAnon:\s+(\d+) kB", (self._worker() / "status").read_text())[1]) * 1024

    def cpu(self):
        """Return the CPU time used so far, in seconds."""
        fields = (self._worker() / "stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS
