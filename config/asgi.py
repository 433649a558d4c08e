"""ASGI application: health checks and live streams in the event loop, and all other requests in threads."""

import multiprocessing
import secrets

from django.conf import settings
from django.utils.module_loading import import_string

from config import wsgi
from config.logs import request_id
from config.server.database import Probe, limit_waiting
from config.server.pages import WSGIServer
from config.server.processes import end_with_parent
from config.server.responses import send_text

READY_SECONDS = 2.5  # until the database must respond to /readyz

probe = Probe()
pages = WSGIServer(
    wsgi.application,
    settings.THREADS,
    probe.responds,
    files=settings.STATIC_URL,
    upload_path=settings.UPLOAD_PATH,
    upload_limit=settings.UPLOAD_LIMIT,
)
live = import_string(settings.LIVE_APPLICATION)


async def application(scope, receive, send):
    """Route a request to the health checks, the live streams or the pages.

    Health checks accept any host name, because load balancers send the address of the server.
    """
    request_id.set(secrets.token_hex(4))
    if scope["type"] == "lifespan":
        limit_waiting(settings.DATABASES["default"])
        await live(scope, receive, send)
    elif scope["path"] == settings.LIVE_PATH:
        await live(scope, receive, send)
    elif scope["path"] == "/healthz":
        await send_text(send, 200, "ok")
    elif scope["path"] == "/readyz":
        is_ready = await probe.responds(READY_SECONDS)
        await send_text(send, *((200, "ok") if is_ready else (503, "the database does not respond")))
    else:
        await pages(scope, receive, send)


def worker():
    """Return the application for a process that `manage.py serve` starts."""
    end_with_parent(multiprocessing.parent_process().pid)
    return application
