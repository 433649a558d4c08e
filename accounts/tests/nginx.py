"""The server behind nginx, with the configuration of the README."""

import contextlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.conf import settings

from posts.tests.live_server import Server


class SocketServer(Server):
    """The production server on a Unix socket. Requests reach it through nginx, on `port`."""

    def __init__(self, path):
        super().__init__("manage.py", "serve", "--no-worker", DEBUG="off", BEHIND_TLS_PROXY="on")
        self.path = path

    def arguments(self):
        return [sys.executable, *self.command, "--socket", str(self.path)]


@contextlib.contextmanager
def server_behind_nginx():
    """Run the server and nginx, and yield the server."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    if program is None:
        pytest.skip("nginx is not installed")
    with tempfile.TemporaryDirectory() as folder:
        server = SocketServer(Path(folder, "socket"))
        config = Path(folder, "nginx.conf")
        config.write_text(configuration(folder, server.port))
        nginx = subprocess.Popen([program, "-p", folder, "-c", config])
        try:
            with server:
                yield server
        finally:
            nginx.terminate()
            nginx.wait(10)


def configuration(folder, port):
    """Return the configuration of the README, without TLS and on another port."""
    (block,) = re.findall(r"```nginx\n(.*?)```", (settings.BASE_DIR / "README.md").read_text(), re.DOTALL)
    lines = [line for line in block.splitlines() if "ssl_" not in line and "listen 80" not in line]
    site = "\n".join(lines).replace("/run/homeroom/socket", f"{folder}/socket")
    site = re.sub(r"listen 443 .*", f"listen 127.0.0.1:{port};", site)
    names = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = " ".join(f"{name}_temp_path {folder}/{name};" for name in names)
    return (
        f"daemon off; user root; pid {folder}/pid; error_log {folder}/error.log; events {{ worker_connections 512; }}\n"
        f"http {{ access_log off; {paths}\n{site}\n}}\n"
    )
