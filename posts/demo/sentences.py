"""Fills the placeholders of sentences such as "I like {sport} and {food}"."""

from collections.abc import Sequence
from random import Random

from posts.demo.texts import PLACEHOLDERS

# Placeholders with a value different from that of another placeholder.
_SECOND = {
    "othertopic": "topic", "otherthing": "thing", "place2": "place", "food2": "food", "house2": "house",
    "book2": "book", "material2": "material",
}  # fmt: skip
# Placeholders that get a new value in each post of a thread.
_PER_POST = ("emoji", "relief", "feeling", "food2", "book2", "place2", "page", "letter", "few")


class Placeholders(dict):
    """The values of placeholders, drawn when they are first used, so that the posts of a thread fit together.

    `values` are fixed values, and `topics` are the values of "topic".
    """

    def __init__(self, rng: Random, topics: Sequence[str], **values: str):
        super().__init__(values)
        self._rng = rng
        self._topics = topics
        self.used_texts: set[str] = set()

    def __missing__(self, name):
        kind = _SECOND.get(name, name)
        choices = self._topics if kind == "topic" else PLACEHOLDERS[kind]
        value = self._rng.choice(choices)
        # Avoid questions such as "The heart or the heart?".
        for _attempt in range(4):
            if value != self.get(kind):
                break
            value = self._rng.choice(choices)
        if "{" in value:
            value = value.format_map(self)
        self[name] = value
        return value

    def start_post(self) -> None:
        """Remove the values that differ between the posts of a thread."""
        for name in _PER_POST:
            self.pop(name, None)


def fill(rng: Random, texts: Sequence[str], values: Placeholders, limit: int) -> str:
    """Return one of `texts` with its placeholders filled and a capital first letter, at most `limit` characters long.

    Texts that were used with `values` before are avoided.
    """
    for attempt in range(8):
        pattern = rng.choice(texts)
        if pattern in values.used_texts and attempt < 6:
            continue
        text = pattern.format_map(values)
        if len(text) <= limit:
            values.used_texts.add(pattern)
            return text[0].upper() + text[1:]
    return text[:limit].strip() or "…"
