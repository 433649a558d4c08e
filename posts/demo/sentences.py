"""Fills the placeholders of sentences such as "I like {sport} and {food}"."""

from collections.abc import Sequence
from random import Random

from posts.demo.texts import PLACEHOLDERS

# Placeholders with a value different from that of another placeholder.
_SECOND = {"othertopic": "topic", "place2": "place", "food2": "food", "house2": "house", "book2": "book"}


class Placeholders(dict):
    """The values of placeholders, drawn when they are first used, so that the posts of a thread fit together.

    `values` are fixed values, and `topics` are the values of "topic".
    """

    def __init__(self, rng: Random, topics: Sequence[str], **values: str):
        super().__init__(values)
        self._rng = rng
        self._topics = topics

    def __missing__(self, name):
        kind = _SECOND.get(name, name)
        choices = self._topics if kind == "topic" else PLACEHOLDERS[kind]
        used = {self.get(kind), *(self.get(second) for second, first in _SECOND.items() if first == kind)}
        # Avoid questions such as "The heart or the heart?".
        self[name] = self._rng.choice([choice for choice in choices if choice not in used])
        return self[name]


def fill(text: str, values: Placeholders, limit: int) -> str:
    """Return `text` with its placeholders filled, cut to `limit` characters."""
    return text.format_map(values)[:limit].strip()
