"""Sessions in words that a person recognises."""

import re

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

# The first that fits names the browser: Edge and Opera also call themselves Chrome, and Chrome Safari.
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
    """Return a browser's own words about itself as "Firefox on Windows", or as "an unknown device"."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), None)
    system = next((name for mark, name in _SYSTEMS if re.search(mark, user_agent)), None)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("An unknown device")


def session_handle(session_key):
    """Return what a page may call a session by: its key opens it, so no page ever shows the key."""
    return salted_hmac("accounts.session_handle", session_key, algorithm="sha256").hexdigest()[:20]
