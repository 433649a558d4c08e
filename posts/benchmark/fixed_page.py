"""The fixed page: the unit in which `bench` and `loadtest` express the cost of other pages.

It sends 12 KB of text to a signed-in user through Django's own middleware, session store and authentication backend.
Our own middleware, sessions and backend are not part of it, so their cost counts towards the measured page. Do not
change this module: figures from different versions are comparable only if the page stays the same.
"""

import random

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.base import BaseHandler
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

PATH = "/fixed-page/"
SIZE = 12 * 1024  # bytes
BACKEND = "django.contrib.auth.backends.ModelBackend"  # AUTHENTICATION_BACKENDS must contain it
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

_WORDS = """
    about after again also always another answer because before bring building chapter class could doing every
    exercise finished first forgot friday from give have homework hour know lesson library line maybe monday more need
    never next number only other page people please question quick really right room same school second should
    solution somebody still table teacher test than that their then there they think this today together tomorrow
    until want week were what when where which with work would write yesterday
""".split()


def _create_text():
    words = random.Random(12)
    return "\n".join(" ".join(words.choices(_WORDS, k=12)) + "." for _number in range(200))[:SIZE]


TEXT = _create_text()


def view(request):
    """Respond with TEXT. Users who are not signed in do not reach this view."""
    return HttpResponse(TEXT)


urlpatterns = [path(PATH.removeprefix("/"), view)]


class FixedPageMiddleware:
    """Serve the fixed page at PATH, and any other page as usual. Must be the first middleware of the site."""

    def __init__(self, get_response):
        self.get_response = get_response
        handler = BaseHandler()
        with override_settings(MIDDLEWARE=MIDDLEWARE, SESSION_ENGINE=SessionStore.__module__):
            handler.load_middleware()
        self.get_fixed_page = handler.get_response

    def __call__(self, request):
        if request.path_info != PATH:
            return self.get_response(request)
        request.urlconf = __name__
        return self.get_fixed_page(request)


def create_session(user):
    """Sign `user` in to the fixed page and return the session key."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key
