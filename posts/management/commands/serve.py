"""Run the production server."""

from pathlib import Path

import uvicorn
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections
from uvicorn.supervisors import Multiprocess

from config.sockets import listen, listen_unix
from posts.actions import repair_newest_posts

STOP_SECONDS = 4  # time for open requests when the server stops; streams end immediately


class Command(BaseCommand):
    """Serve requests and live streams from several processes that share one port or socket."""

    help = "Run the production server: several processes that serve pages and live streams."
    requires_system_checks = ("__all__",)

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, metavar="N", help="port to listen on (8000)")
        parser.add_argument("--socket", metavar="PATH", help="Unix socket to listen on instead")
        parser.add_argument("--workers", type=int, default=2, metavar="N", help="processes, usually one per core (2)")
        parser.add_argument("--no-static", action="store_true", help="do not collect static files")

    def handle(self, *args, host, port, socket, workers, no_static, **options):
        if settings.DEBUG:
            raise CommandError("This command is for production. Set SECRET_KEY and ALLOWED_HOSTS, and turn DEBUG off.")
        if workers < 1:
            raise CommandError("--workers must be at least 1.")
        if not no_static:
            call_command("collectstatic", interactive=False, verbosity=0)
        elif not Path(settings.STATIC_ROOT, "staticfiles.json").exists():
            raise CommandError("The static files have not been collected. Run collectstatic, or omit --no-static.")
        bound = listen_unix(Path(socket)) if socket else listen(host, port)
        try:
            repair_newest_posts()
        except DatabaseError as error:  # pages have status 503 until the database responds
            self.stderr.write(f"The database does not respond, or it is not migrated ({error}).")
        connections.close_all()
        self.stdout.write(f"Serving on {socket or f'http://{host}:{port}'} with {workers} processes")
        config = uvicorn.Config(
            "config.asgi:application",
            workers=workers,
            lifespan="on",
            http="config.protocol:NoDelayProtocol",
            ws="none",
            proxy_headers=False,  # Django reads X-Forwarded-Proto if BEHIND_TLS_PROXY is on
            timeout_graceful_shutdown=STOP_SECONDS,
            # Longer than the keep-alive time of a reverse proxy (nginx: 60 s), so that it never reuses a closed one.
            timeout_keep_alive=75,
            log_config=None,
            log_level="info",
            access_log=False,
            server_header=False,
        )
        try:
            # As `uvicorn.run` does, with a socket of our own.
            Multiprocess(config, sockets=[bound]).run()
        finally:
            if socket:
                Path(socket).unlink(missing_ok=True)
