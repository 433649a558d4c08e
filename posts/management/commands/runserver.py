"""Run the ASGI application of the production server under Django's autoreloader."""

import errno
import logging
import os
import socket
import sys

import uvicorn
from django.core.management.base import CommandError
from django.core.management.commands.runserver import Command as DjangoRunserver
from django.db import connections
from django.utils import autoreload

_ERRORS = {
    errno.EACCES: "You don't have permission to access that port.",
    errno.EADDRINUSE: "That port is already in use.",
    errno.EADDRNOTAVAIL: "That IP address can't be assigned to.",
}


class Command(DjangoRunserver):
    """Replace Django's `runserver`, with the same options. WhiteNoise serves the static files."""

    help = "Start a development server with live streams."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        # Options that django.contrib.staticfiles adds. Accepted, but without effect.
        parser.add_argument("--nostatic", action="store_false", dest="use_static_handler")
        parser.add_argument("--insecure", action="store_true", dest="insecure_serving")

    def inner_run(self, *args, **options):
        """Run the checks, print the address and serve until interrupted."""
        autoreload.raise_last_exception()
        if not options["skip_checks"]:
            self.stdout.write("Performing system checks...\n\n")
            self.check(display_num_errors=True)
        self.check_migrations()
        connections.close_all()
        try:
            bound = self._bind()
        except OSError as error:
            self.stderr.write(f"Error: {_ERRORS.get(error.errno, error)}")
            os._exit(1)  # sys.exit would end only the thread of the reloader
        self.on_bind(bound.getsockname()[1])
        try:
            config = uvicorn.Config(
                "config.asgi:application",
                log_config=None,
                log_level="info",
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

    def _bind(self):
        family = socket.AF_INET6 if self.use_ipv6 else socket.AF_INET
        try:
            address = socket.getaddrinfo(self.addr, int(self.port), family, socket.SOCK_STREAM)[0][4]
        except socket.gaierror as error:
            raise CommandError(f"{self.addr} is not an address of this machine ({error}).") from error
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(128)
        bound.setblocking(False)
        return bound
