"""The site as a WSGI application."""

import os

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class UTF8Request(WSGIRequest):
    """A request in UTF-8, whatever charset its Content-Type names.

    Django takes any codec that Python has, and some ("hex", "idna") raise what nobody expects before the first
    middleware is asked.
    """

    def _set_content_type_params(self, meta):
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class Handler(WSGIHandler):
    """Django's own handler, with requests in UTF-8."""

    request_class = UTF8Request


def get_application():
    """Return the site, ready to answer."""
    django.setup(set_prefix=False)
    return Handler()


application = get_application()
