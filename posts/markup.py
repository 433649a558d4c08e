"""What is in a text: mentions and web addresses. One pass over it, whatever it holds."""

import re
from dataclasses import dataclass

from config.addresses import cached_reverse

MAX_MENTIONS = 10

_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{2,19}"
# A mention begins where no word, address or other mention is going on; a longer run of letters is no username.
_MENTION = re.compile(rf"(?<![\w@./-])@({_NAME})(?![A-Za-z0-9_])")
_TOKEN = re.compile(rf"(?P<url>\b(?i:https?)://[^\s<>\"]+)|{_MENTION.pattern}")
_AFTER_URL = ".,;:!?'\"*_~…"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a text: plain, or with the `username` it names or the `url` it leads to."""

    text: str
    username: str = ""
    url: str = ""

    @property
    def profile_url(self) -> str:
        """Return the address of the profile of `username`."""
        return cached_reverse("profile", self.username)

    @property
    def popover_url(self) -> str:
        """Return the address of the popover's fragment about `username`."""
        return cached_reverse("popover", self.username)


def names_in(body):
    """Return what the first ten different mentions in `body` could name: a set of lower-case usernames.

    A full stop that ends a sentence may be part of a name, so "@ada." could name "ada." or "ada".
    """
    counted, names = set(), set()
    for match in _MENTION.finditer(body):
        name = match[1].lower()
        if name in counted:
            continue
        if len(counted) == MAX_MENTIONS:
            break
        counted.add(name)
        names.update(_readings(name))
    return names


def segments(body, usernames):
    """Return `body` cut into Segments, with those mentions linked that name one of `usernames` (lower case)."""
    found, end = [], 0
    for match in _TOKEN.finditer(body):
        if match["url"]:
            address = _without_tail(match["url"])
            if address.endswith("://"):
                continue
            segment = Segment(address, url=address)
        else:
            name = next((name for name in _readings(match[2]) if name.lower() in usernames), None)
            if name is None:
                continue
            segment = Segment(f"@{name}", username=name)
        if match.start() > end:
            found.append(Segment(body[end : match.start()]))
        found.append(segment)
        end = match.start() + len(segment.text)
    if end < len(body):
        found.append(Segment(body[end:]))
    return found


def replace_mentions(body, username, replacement, taken=frozenset()):
    """Return `body` with each mention of `username` (in any case) replaced.

    A mention may be read as several names: "@sam." names "sam." if that is one of `taken` (lower-case usernames of
    other users), otherwise "sam".
    """

    def replaced(match):
        for name in _readings(match[1]):
            if name.lower() == username.lower():
                return replacement + match[1][len(name) :]
            if name.lower() in taken:
                break
        return match[0]

    return _MENTION.sub(replaced, body)


def _readings(name):
    """List `name` and what is left of it without the punctuation that may have ended a sentence."""
    readings = [name]
    while len(name) > 3 and name[-1] in "._-":
        name = name[:-1]
        readings.append(name)
    return readings


def _without_tail(address):
    """Return a web address without the punctuation behind it; a closing bracket stays if it was opened inside."""
    opened = address.count("(")
    closed = address.count(")")
    end = len(address)
    while end:
        if address[end - 1] == ")" and closed > opened:
            closed -= 1
        elif address[end - 1] not in _AFTER_URL:
            break
        end -= 1
    return address[:end]
