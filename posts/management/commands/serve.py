"""The production start."""

import socket as sockets
from pathlib import Path

import uvicorn
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

STOP_SECONDS = 4  # for posts in flight; streams end at once


class Command(BaseCommand):
    """Serve the site: several processes behind one port, static files compressed, a stop that loses nothing."""

    help = "Serves the site for real: several processes, pages and live streams."
    requires_system_checks = ("__all__",)

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1", help="where to listen (127.0.0.1: behind a web server here)")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--socket", help="a Unix socket to listen on instead")
        parser.add_argument("--workers", type=int, default=2, help="processes; one for each core is a good start")
        parser.add_argument("--no-static", action="store_true", help="static files are collected already")

    def handle(self, *args, host, port, socket, workers, no_static, **options):
        if settings.DEBUG:
            raise CommandError("serve is for a real site: set SECRET_KEY and ALLOWED_HOSTS, and no DEBUG.")
        if workers < 1:
            raise CommandError("At least one worker.")
        if socket:
            _clear_away(Path(socket))
        if not no_static:
            call_command("collectstatic", interactive=False, verbosity=0)
        connections.close_all()
        self.stdout.write(f"Serving on {socket or f'http://{host}:{port}'} by {workers} processes")
        uvicorn.run(
            "config.asgi:application",
            host=host,
            port=port,
            uds=socket,
            workers=workers,
            lifespan="on",
            http="config.protocol:NoDelayProtocol",
            ws="none",
            # Only a proxy that is declared may say who comes, and that they came by TLS.
            proxy_headers=settings.SECURE_PROXY_SSL_HEADER is not None,
            timeout_graceful_shutdown=STOP_SECONDS,
            # Longer than a web server in front keeps its own connections.
            timeout_keep_alive=75,
            log_config=None,
            log_level="info",
            access_log=False,
            server_header=False,
        )


def _clear_away(path):
    """Remove the socket that a killed server left behind, unless somebody still listens there."""
    if not path.is_socket():
        return
    with sockets.socket(sockets.AF_UNIX) as link:
        try:
            link.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
        else:
            raise CommandError(f"A server listens on {path} already.")
