"""WSGI application."""

import os

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class UTF8Request(WSGIRequest):
    """Request that is always decoded as UTF-8. The charset of its Content-Type is ignored.

    Django accepts any of Python's codecs. Some of them, such as "hex" and "idna", raise exceptions that Django does not
    handle before the first middleware runs.
    """

    def _set_content_type_params(self, meta):
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class Handler(WSGIHandler):
    """WSGI handler whose requests are UTF8Requests."""

    request_class = UTF8Request


django.setup(set_prefix=False)
application = Handler()
