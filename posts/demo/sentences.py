"""Sentences with gaps."""

from posts.demo.vocabulary import SLOTS

# Another one of the same.
_SECOND = {
    "othertopic": "topic", "otherthing": "thing", "place2": "place", "food2": "food", "house2": "house",
    "book2": "book", "material2": "material",
}  # fmt: skip


class Gaps(dict):
    """Fills the gaps of sentences: what is drawn once stays the same, so that a thread is about one thing."""

    def __init__(self, rng, topics, **fixed):
        super().__init__(fixed)
        self._rng = rng
        self._topics = topics
        self.said = set()  # what was said in this thread is not said again in the same words

    def __missing__(self, gap):
        kind = _SECOND.get(gap, gap)
        words = self._topics if kind == "topic" else SLOTS[kind]
        word = self._rng.choice(words)
        # "The heart or the heart?" is no question.
        for _try in range(4):
            if word != self.get(kind):
                break
            word = self._rng.choice(words)
        if "{" in word:
            word = word.format_map(self)
        self[gap] = word
        return word


# What changes from one sentence to the next within a thread.
_FLEETING = ("emoji", "relief", "feeling", "food2", "book2", "place2", "page", "letter", "few")


def fill(rng, texts, gaps, limit):
    """Return one of `texts` with its gaps filled, at most `limit` characters long, beginning with a capital."""
    for attempt in range(8):
        pattern = rng.choice(texts)
        if pattern in gaps.said and attempt < 6:
            continue
        text = pattern.format_map(gaps)
        if len(text) <= limit:
            gaps.said.add(pattern)
            return text[0].upper() + text[1:]
    return text[:limit].strip() or "…"


def forget(gaps):
    """Let the next sentence draw its small things anew."""
    for gap in _FLEETING:
        gaps.pop(gap, None)
