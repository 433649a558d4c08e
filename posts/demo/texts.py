"""The texts of a demo school, loaded from `texts.toml`."""

import tomllib
from pathlib import Path
from typing import NamedTuple

with open(Path(__file__).with_name("texts.toml"), "rb") as file:
    TEXTS = tomllib.load(file)

TOPICS: dict[str, list[str]] = TEXTS["topics"]
CLUBS: dict[str, list[str]] = TEXTS["clubs"]
HOBBIES: list[str] = TEXTS["hobbies"]
REMOVAL_REASONS: list[str] = TEXTS["removal_reasons"]
GREETINGS = [""] * 10 + TEXTS["greetings"]  # most threads start without a greeting


class Step(NamedTuple):
    """Posts that may follow in a thread.

    `author` is "asker" (the author of the first post), "student", "other" (a student), "teacher" or "any". Up to
    `max_count` posts are written, each with the probability `chance`. Each is a reply with the probability
    `reply_chance`: to the first post if `to` is "first", or to the previous post if it is "last".
    """

    author: str
    texts: list[str]
    chance: float = 0.7
    max_count: int = 1
    to: str = "first"
    reply_chance: float = 0.7


class Template(NamedTuple):
    """A kind of thread.

    `weight` is its relative frequency, `rooms` the kinds of rooms where it appears, `author` the author of the first
    post (see Step) and `texts` the possible first posts. Some start with a greeting if `has_greeting` is set.
    """

    weight: int
    rooms: list[str]
    author: str
    texts: list[str]
    steps: list[Step]
    has_greeting: bool = False


def lines(name: str) -> list[str]:
    """Return the lines of a text at the top level of the file."""
    return TEXTS[name].splitlines()


def _step(values):
    # A step has texts of its own, or names one of the shared lists.
    texts = TEXTS["shared"].get(values["texts"], values["texts"])
    return Step(**values | {"texts": texts.splitlines()})


PLACEHOLDERS: dict[str, list[str]] = TEXTS["placeholders"] | {
    "joke": TEXTS["placeholders"]["joke"].splitlines(),
    "number": [str(number) for number in range(2, 30)],
    "page": [str(number) for number in range(12, 220)],
}
TEMPLATES = [
    Template(**values | {"texts": values["texts"].splitlines(), "steps": [_step(step) for step in values["steps"]]})
    for values in TEXTS["threads"]
] + [
    Template(1, ["common", "club"], "student", [opening], [Step("other", answers, 0.75, 3)])
    for opening, answers in TEXTS["threads_in_other_languages"].items()
]
