"""A server in separate processes, measured through /proc."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from django.conf import settings

TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class MeasuredServer:
    """Context manager that runs the production server with one worker on a free `port`."""

    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = None

    def __enter__(self):
        serve = ["manage.py", "serve", "--workers", "1", "--no-static", "--port", str(self.port)]
        self.process = subprocess.Popen([sys.executable, *serve], cwd=settings.BASE_DIR)  # noqa: S603
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                time.sleep(1)  # until all workers listen
                return self
            except OSError:
                if self.process.poll() is not None:
                    raise RuntimeError("The server did not start.") from None
                time.sleep(0.1)
        raise RuntimeError("The server does not respond.")

    def __exit__(self, *error):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def processes(self):
        """Return the ids of the worker processes, or of the server itself if it has no workers."""
        children = []
        for entry in Path("/proc").glob("[0-9]*/stat"):
            try:
                if int(entry.read_text().rsplit(")", 1)[1].split()[1]) == self.process.pid:
                    children.append(int(entry.parent.name))
            except (OSError, ValueError):
                continue
        workers = [pid for pid in children if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()]
        return workers or [self.process.pid]

    def memory(self):
        """Return the private memory in bytes."""
        return sum(self._kilobytes(pid, "RssAnon") for pid in self.processes()) * 1024

    def threads(self):
        return sum(self._kilobytes(pid, "Threads") for pid in self.processes())

    def cpu(self):
        """Return the CPU time used so far, in seconds."""
        used = 0
        for pid in self.processes():
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            used += int(fields[11]) + int(fields[12])
        return used / TICKS

    def count_open_files(self, suffix):
        """Return the number of open file descriptors whose paths end with `suffix`."""
        names = []
        for pid in self.processes():
            for entry in Path(f"/proc/{pid}/fd").iterdir():
                try:
                    names.append(os.readlink(entry))
                except OSError:
                    continue
        return sum(name.endswith(suffix) for name in names)

    def _kilobytes(self, pid, name):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1])
        return 0
