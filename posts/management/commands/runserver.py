"""Run the ASGI application of the production server under Django's autoreloader."""

import logging
import os
import sys
import threading

import uvicorn
from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.runserver import Command as DjangoRunserver
from django.db import connections
from django.utils import autoreload

from config.server.database import limit_waiting
from config.server.processes import WorkerThread
from config.server.protocol import LimitedProtocol
from config.server.sockets import listen


class Command(DjangoRunserver):
    """Replace Django's `runserver`, with the same options. WhiteNoise serves the static files."""

    help = "Start a development server with live streams."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--no-worker", action="store_true", help="Do not start `manage.py worker`.")
        # Options that django.contrib.staticfiles adds. Accepted, but without effect.
        parser.add_argument("--nostatic", action="store_false", dest="use_static_handler")
        parser.add_argument("--insecure", action="store_true", dest="insecure_serving")

    def inner_run(self, *args, **options):
        """Run the checks, print the address and serve until interrupted."""
        autoreload.raise_last_exception()
        if not options["skip_checks"]:
            self.stdout.write("Performing system checks...\n\n")
            self.check(display_num_errors=True)
        limit_waiting(settings.DATABASES["default"])
        self.check_migrations()
        connections.close_all()
        try:
            bound = listen(self.addr, int(self.port))
        except CommandError as error:
            self.stderr.write(f"Error: {error}")
            os._exit(1)  # sys.exit would end only the thread of the reloader
        self.on_bind(bound.getsockname()[1])
        if not options["no_worker"]:
            WorkerThread(stopping=threading.Event()).start()
        try:
            config = uvicorn.Config(
                "config.asgi:application",
                log_config=None,
                log_level="info",
                http=LimitedProtocol,
                access_log=True,
                proxy_headers=False,
                lifespan="on",
                ws="none",
                timeout_graceful_shutdown=2,
            )
            config.load()
            logging.getLogger("uvicorn.error").setLevel("WARNING")
            uvicorn.Server(config).run(sockets=[bound])
        except KeyboardInterrupt:
            if options.get("shutdown_message"):
                self.stdout.write(options["shutdown_message"])
            sys.exit(0)
