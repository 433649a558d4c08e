"""The site as an ASGI application: pages by Django's WSGI handler in a pool of threads, the live stream beside them.

Django's own ASGI handler hops to a thread and back at every synchronous middleware; this way a request hops once.
"""

import os

from django.conf import settings
from django.utils.module_loading import import_string

from config.pages import Pages
from config.wsgi import get_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

pages = Pages(get_application(), settings.THREADS, settings.WRITE_THREADS)
live = import_string(settings.LIVE_APPLICATION)


_REFUSED = [(b"content-type", b"text/plain"), (b"content-length", b"12"), (b"cache-control", b"no-store")]


async def application(scope, receive, send):
    """Hand each request to the stream or to the pages; whether there is a stream is the lifespan's business too."""
    if scope["type"] == "lifespan" or (scope["type"] == "http" and scope["path"] == settings.LIVE_PATH):
        await live(scope, receive, send)
    elif scope["type"] == "http" and not scope["query_string"].isascii():
        # A browser escapes what is not ASCII, and WSGI has no word for a query that does not.
        await send({"type": "http.response.start", "status": 400, "headers": _REFUSED})
        await send({"type": "http.response.body", "body": b"Bad request\n"})
    else:
        # "X_Forwarded_Proto" would become the same name as the header that only a declared proxy sets.
        scope["headers"] = [(name, value) for name, value in scope["headers"] if b"_" not in name]
        await pages(scope, receive, send)
