"""The site as an ASGI application: the live streams, and pages in a pool of threads."""

import os

from django.conf import settings
from django.utils.module_loading import import_string

from config.server import WSGIServer
from config.wsgi import get_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

pages = WSGIServer(get_application(), settings.THREADS)
live = import_string(settings.LIVE_APPLICATION)


async def application(scope, receive, send):
    """Pass lifespan events and requests for LIVE_PATH to the live streams, other requests to the pages."""
    if scope["type"] == "lifespan" or (scope["type"] == "http" and scope["path"] == settings.LIVE_PATH):
        await live(scope, receive, send)
    elif scope["type"] == "http":
        await pages(scope, receive, send)
