"""The text of a post: mentions and web addresses. All functions run in linear time."""

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from config.addresses import cached_reverse

MAX_MENTIONS = 10  # different mentions in a text
ROOM = "room"  # "@room" mentions all members. It is a reserved username.

_NAME = r"[A-Za-z0-9][A-Za-z0-9._-]{2,19}+"  # as in `accounts.validators`
# A mention is not part of an email address. A dot before "@" ends a sentence, because it cannot end the local part.
_MENTION = re.compile(rf"(?<![A-Za-z0-9_@+-])@({_NAME})(?![A-Za-z0-9_]|(?<!\.)@\w)")
# Only ASCII letters and digits before a URL are part of the same word: Chinese text has no spaces.
_TOKEN = re.compile(rf"(?P<url>(?<![A-Za-z0-9])(?i:https?)://)|{_MENTION.pattern}")
# From the scheme to the port, delimited as in browsers.
_ORIGIN = re.compile(
    r"\w+://(?:[^/?#\\@]*+@)*+(?P<host>\[[0-9A-Fa-f:.]+\]|[^/?#\\@:[]+)(?::(?P<port>[0-9]{,5}))?+(?![^/?#\\])"
)
# Characters that end a URL wherever they are: ASCII delimiters, signs that people use as quotation marks and brackets,
# and sentence punctuation of scripts other than Latin.
_AFTER_URL = frozenset('<>"|`´„‚＂＇｀＜＞｜❛❜❝❞❟❠。｡．！？，、､；：।॥؟،؛۔።፣။၊។៕།')
_LAST_IN_URL = frozenset("/#%&@\\-")  # punctuation that remains at the end of a URL


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a text: plain text, a link to `url`, a possible mention (`candidates`) or a mention of `username`.

    `username` is ROOM, in any case, if the whole room is mentioned. It has no profile. Punctuation after a mention may
    belong to an old username, so the candidates of "@ada." are "ada" and "ada.".
    """

    text: str
    username: str = ""
    url: str = ""
    candidates: tuple[str, ...] = ()

    @property
    def is_room(self) -> bool:
        """Whether this mentions the whole room."""
        return self.username.lower() == ROOM

    @property
    def profile_url(self) -> str:
        """Return the URL of the profile of `username`."""
        return cached_reverse("profile", args=(self.username,))

    @property
    def popover_url(self) -> str:
        """Return the URL of the popover of `username`."""
        return cached_reverse("popover", args=(self.username,))


def parse(body: str) -> list[Segment]:
    """Split `body` into segments. The first MAX_MENTIONS different mentions are possible mentions."""
    segments, end, names = [], 0, set()
    position = 0
    while match := _TOKEN.search(body, position):
        position = match.end()
        segment = _parse_url(body, match) if match["url"] else _parse_mention(match[2], names)
        if segment is None:
            continue
        if match.start() > end:
            segments.append(Segment(body[end : match.start()]))
        segments.append(segment)
        end = position = match.start() + len(segment.text)
    if end < len(body):
        segments.append(Segment(body[end:]))
    return segments


def possible_usernames(segments: Iterable[Segment]) -> set[str]:
    """Return the usernames that the possible mentions may refer to, in lower case."""
    return {name.lower() for segment in segments for name in segment.candidates} - {ROOM}


def resolve(segments: Iterable[Segment], usernames: Container[str]) -> list[Segment]:
    """Return `segments` with each possible mention turned into a mention of one of `usernames` or into plain text.

    `usernames` are in lower case. The shortest candidate wins: nobody else gets the mentions of "ms.hale".
    """
    resolved = []
    for segment in segments:
        name = next((name for name in segment.candidates if name.lower() in usernames), None)
        if name is None:
            resolved.append(Segment(segment.text, url=segment.url))
            continue
        mention = f"@{name}"
        resolved.append(Segment(mention, username=name))
        if rest := segment.text.removeprefix(mention):
            resolved.append(Segment(rest))
    return resolved


def find_mentions(segments: Iterable[Segment], users: Mapping[str, int]) -> dict[str, int]:
    """Return the items of `users`, {lower-case username: id}, that the possible mentions refer to.

    A user whose name is ROOM, from before it was reserved, cannot be mentioned.
    """
    names = [segment.username.lower() for segment in resolve(segments, users) if segment.username]
    return {name: users[name] for name in names if name != ROOM}


def find_unknown(segments: Iterable[Segment], usernames: Container[str]) -> list[str]:
    """Return the possible mentions, in order, that refer to none of `usernames` (in lower case)."""
    mentions = [each for each in segments if each.candidates]
    unknown = [each for each in mentions if not any(name.lower() in usernames for name in each.candidates)]
    return list(dict.fromkeys(f"@{each.candidates[0]}" for each in unknown))


def may_mention_room(segments: Iterable[Segment]) -> bool:
    """Return whether one of the possible mentions refers to the whole room."""
    return any(segment.is_room for segment in resolve(segments, {ROOM}))


def replace_mentions(body: str, username: str, replacement: str, taken: Container[str] = frozenset()) -> str:
    """Return `body` with each mention of `username`, ignoring case, replaced.

    `taken` are the lower-case usernames of other users: "@sam." is a mention of "sam" if that username is taken, and
    otherwise of "sam.".
    """

    def replace(match):
        for name in _candidates(match[1]):
            if name.lower() == username.lower():
                return replacement + match[1][len(name) :]
            if name.lower() in taken:
                break
        return match[0]

    return _MENTION.sub(replace, body)


def _parse_url(body, match):
    """Return the link that starts with `match`, which quotation marks and unpaired brackets end, or plain text."""
    end, opened = match.end(), []
    while end < len(body) and body[end] not in _AFTER_URL and not body[end].isspace():
        category = unicodedata.category(body[end])
        if category in ("Pi", "Pf", "Cf"):
            break
        if category == "Ps":
            opened.append(ord(body[end]))
        elif category == "Pe" and not (opened and ord(body[end]) - opened.pop() in (1, 2)):  # the code of its partner
            break
        end += 1
    while _is_punctuation(body[end - 1]):
        end -= 1
    url = body[match.start() : end]
    return Segment(url, url=url if _has_valid_host(url) else "")


def _is_punctuation(character):
    """Return whether `character` does not belong to a URL that it follows."""
    category = unicodedata.category(character)
    return character == "~" or (category[0] == "P" and category != "Pe" and character not in _LAST_IN_URL)


def _has_valid_host(url):
    """Return whether the host of `url` is an IP address or a name in any script, and its port is a port number."""
    origin = _ORIGIN.match(url)
    if origin is None or int(origin["port"] or 0) > 65535:
        return False
    host = origin["host"]
    with suppress(ValueError):
        return bool(IPv6Address(host[1:-1]) if host[0] == "[" else IPv4Address(host))
    labels = host.removesuffix(".").split(".")
    # An identifier contains letters, digits, combining marks and underscores of any script.
    are_names = (label[:1].isalnum() and f"x{label}".replace("-", "_").isidentifier() for label in labels)
    return all(are_names) and not labels[-1].isdecimal()


def _parse_mention(name, names):
    """Return a possible mention, or None if `names` already contains MAX_MENTIONS names. Adds to `names`."""
    if name.lower() not in names and len(names) == MAX_MENTIONS:
        return None
    names.add(name.lower())
    return Segment(f"@{name}", candidates=_candidates(name))


def _candidates(name):
    """Return `name` and its prefixes without the punctuation that may end a sentence, shortest first."""
    shortest = max(len(name.rstrip("._-")), 3)
    return tuple(name[:length] for length in range(shortest, len(name) + 1))
