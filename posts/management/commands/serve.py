"""Run the production server."""

import resource
from pathlib import Path

import uvicorn
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections
from uvicorn.supervisors import Multiprocess

from config.server.database import limit_waiting
from config.server.processes import WorkerThread
from config.server.protocol import KEEP_ALIVE_SECONDS, STOP_SECONDS, LimitedProtocol
from config.server.sockets import listen, listen_unix
from posts.actions import repair_newest_posts


class Command(BaseCommand):
    """Serve requests and live streams from several processes that share one port or socket."""

    help = "Run the production server: several processes that serve pages and live streams."
    requires_system_checks = ("__all__",)

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, metavar="N", help="port to listen on (8000)")
        parser.add_argument("--socket", metavar="PATH", help="Unix socket to listen on instead")
        parser.add_argument("--workers", type=int, default=2, metavar="N", help="processes, usually one per core (2)")
        parser.add_argument("--no-worker", action="store_true", help="do not start `manage.py worker`")
        parser.add_argument("--no-static", action="store_true", help="do not collect static files")

    def handle(self, *args, host, port, socket, workers, no_worker, no_static, **options):
        if settings.DEBUG:
            raise CommandError("This command is for production. Set SECRET_KEY and ALLOWED_HOSTS, and turn DEBUG off.")
        if workers < 1:
            raise CommandError("--workers must be at least 1.")
        _prepare_static_files(no_static)
        bound = listen_unix(Path(socket)) if socket else listen(host, port)
        limit_waiting(settings.DATABASES["default"])  # of this process; the others call it themselves
        try:
            repair_newest_posts()
        except DatabaseError as error:  # pages have status 503 until the database responds
            self.stderr.write(f"The database does not respond, or it is not migrated ({error}).")
        connections.close_all()
        _raise_limit_of_open_files()
        self.stdout.write(f"Serving on {socket or f'http://{host}:{port}'} with {workers} processes")
        # As `uvicorn.run` does, with a socket of our own.
        processes = Multiprocess(_create_config(workers), sockets=[bound])
        if not no_worker:
            WorkerThread(stopping=processes.should_exit).start()
        try:
            processes.run()
        finally:
            if socket:
                Path(socket).unlink(missing_ok=True)


def _prepare_static_files(are_collected):
    if are_collected and not Path(settings.STATIC_ROOT, "staticfiles.json").exists():
        raise CommandError("The static files have not been collected. Run collectstatic, or omit --no-static.")
    if not are_collected:
        try:
            call_command("collectstatic", interactive=False, verbosity=0)
        except OSError as error:
            raise CommandError(f"The static files cannot be collected ({error.strerror}).") from error


def _create_config(workers):
    return uvicorn.Config(
        "config.asgi:worker",
        factory=True,
        workers=workers,
        lifespan="on",
        http=LimitedProtocol,
        ws="none",
        proxy_headers=False,  # `build_environ` reads X-Forwarded-For, and Django X-Forwarded-Proto
        timeout_graceful_shutdown=STOP_SECONDS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        log_config=None,
        log_level="info",
        access_log=False,
        server_header=False,
    )


def _raise_limit_of_open_files():
    """Raise the limit, which is often 1,024, to the highest one that is allowed. Each connection is an open file."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
