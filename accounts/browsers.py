"""Browsers from which users have signed in.

A cookie contains a random id of the browser, and a proof for each of its last users. A proof depends on the user's
password, so that a browser is not known after a change of the password.
"""

import re
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User

COOKIE = "browser"
MAX_AGE = 365 * 24 * 60 * 60  # seconds
MAX_USERS = 10
_VALUE = re.compile(rf"[\w-]{{22}}(?:\.[0-9a-f]{{32}}){{1,{MAX_USERS}}}", re.ASCII)


def find_browser(request: HttpRequest, user: User | None) -> str:
    """Return the id of the browser if `user` has signed in from it with their current password, otherwise ""."""
    browser, *proofs = _read(request)
    if user is None or not proofs:
        return ""
    expected = _proof(browser, user)
    return browser if any(constant_time_compare(proof, expected) for proof in proofs) else ""


def remember_browser(request: HttpRequest, user: User) -> None:
    """Add `user` to the users of the browser. `set_cookie` sends the cookie with the response."""
    browser, *proofs = _read(request)
    new = _proof(browser, user)
    request.browser_cookie = ".".join([browser, new, *[proof for proof in proofs if proof != new][: MAX_USERS - 1]])


def set_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Set the cookie if the browser has a new user."""
    if value := getattr(request, "browser_cookie", ""):
        name = settings.COOKIE_PREFIX + COOKIE
        response.set_cookie(name, value, max_age=MAX_AGE, samesite="Lax", secure=settings.HTTPS, httponly=True)


def _read(request):
    """Return the id of the browser, which is new without a valid cookie, and its proofs."""
    value = request.COOKIES.get(settings.COOKIE_PREFIX + COOKIE, "")
    return value.split(".") if _VALUE.fullmatch(value) else [secrets.token_urlsafe(16)]


def _proof(browser, user):
    text = f"{browser} {user.pk} {user.get_session_auth_hash()}"
    return salted_hmac("accounts.browsers", text, algorithm="sha256").hexdigest()[:32]
