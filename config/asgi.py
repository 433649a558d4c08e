"""ASGI application: live streams, and all other requests in a thread pool."""

from django.conf import settings
from django.utils.module_loading import import_string

from config import wsgi
from config.server import WSGIServer

pages = WSGIServer(wsgi.application, settings.THREADS)
live = import_string(settings.LIVE_APPLICATION)


async def application(scope, receive, send):
    """Route lifespan events and LIVE_PATH to the live streams, and other requests to the thread pool."""
    if scope["type"] == "lifespan" or (scope["type"] == "http" and scope["path"] == settings.LIVE_PATH):
        await live(scope, receive, send)
    elif scope["type"] == "http":
        await pages(scope, receive, send)
