"""Descriptions of sessions for users."""

import re

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

# The first match wins: Edge and Opera also contain "Chrome", and Chrome contains "Safari".
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"CrOS", "Chromebook"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", "Mac"),
    (r"Linux", "Linux"),
)


def name_device(user_agent):
    """Return a description of a User-Agent header, such as "Firefox on Windows"."""
    browser = next((name for token, name in _BROWSERS if token in user_agent), None)
    system = next((name for pattern, name in _SYSTEMS if re.search(pattern, user_agent)), None)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown device")


def session_handle(session_key):
    """Return an identifier of a session for pages. The key is a secret, because it gives access to the session."""
    return salted_hmac("accounts.session_handle", session_key, algorithm="sha256").hexdigest()[:20]
