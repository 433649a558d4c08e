"""The texts of a demo school, loaded from `texts.toml`."""

import re
import tomllib
from pathlib import Path
from typing import NamedTuple

with open(Path(__file__).with_name("texts.toml"), "rb") as file:
    TEXTS = tomllib.load(file)

TOPICS: dict[str, list[str]] = TEXTS["topics"]
CLUBS: dict[str, list[str]] = TEXTS["clubs"]
HOBBIES: list[str] = TEXTS["hobbies"]
REMOVAL_REASONS: list[str] = TEXTS["removal_reasons"]
PLACEHOLDERS: dict[str, list[str]] = TEXTS["placeholders"] | {
    "number": [str(number) for number in range(2, 30)],
    "page": [str(number) for number in range(12, 220)],
}
_LINE = re.compile(r"(?P<author>\w)(?: (?P<parent>\d+))?(?: \+(?P<days>\d))?: (?P<text>.+)")


class Line(NamedTuple):
    """A post of a thread, see `texts.toml`.

    `parent` is the index of the post to which it replies, and `days` the number of school days since the previous post.
    """

    author: str
    text: str
    parent: int | None = None
    days: int = 0


Thread = list[Line]


def lines(name: str) -> list[str]:
    """Return the lines of a text at the top level of the file."""
    return TEXTS[name].splitlines()


def _parse(text: str) -> list[Thread]:
    return [[_parse_line(line) for line in thread.splitlines()] for thread in text.strip().split("\n\n")]


def _parse_line(line):
    author, parent, days, text = _LINE.fullmatch(line).groups()
    return Line(author, text, int(parent) - 1 if parent else None, int(days or 0))


# By kind of room, by subject or club, and by label of the user who is mentioned.
THREADS: dict[str, list[Thread]] = {name: _parse(text) for name, text in TEXTS["threads"].items()}
SPECIAL_THREADS: dict[str, list[Thread]] = {
    name: _parse(text) for name, text in (TEXTS["threads_of_subjects"] | TEXTS["threads_of_clubs"]).items()
}
FINAL_THREADS: dict[str, list[Thread]] = {name: _parse(text) for name, text in TEXTS["final_threads"].items()}


def threads_of(kind: str, subject: str) -> list[Thread]:
    """Return the threads of a room in the order in which they are written. `subject` is also the name of a club.

    Each thread about the subject appears twice, at equal distances, because there are fewer of them.
    """
    common = THREADS[kind]
    if kind == "class" and subject not in TEXTS["practical_subjects"]:
        common = common + THREADS["written"]
    special = 2 * SPECIAL_THREADS.get(subject, [])
    places = [(index / len(threads), thread) for threads in (special, common) for index, thread in enumerate(threads)]
    return [thread for _place, thread in sorted(places, key=lambda pair: pair[0])]
