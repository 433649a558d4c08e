"""Who is notified of a post: facts in, recipients out, nothing sent."""

from dataclasses import dataclass, field

from posts.models import Notification


@dataclass(frozen=True)
class PostFacts:
    """What decides who hears of a post. People are ids."""

    author: int
    mentioned: frozenset = field(default_factory=frozenset)
    replied_to: int | None = None
    readers: frozenset = field(default_factory=frozenset)  # of those named above: who can see the room
    muted: frozenset = field(default_factory=frozenset)  # of those named above: who want nothing from the room
    already: frozenset = field(default_factory=frozenset)  # who heard of this post before


def recipients(facts):
    """Return {person id: kind}: nobody hears of their own post, of one they cannot see, or of one post twice.

    A reply says more than the mention that it may hold.
    """
    told = {}
    for person in {*facts.mentioned, facts.replied_to}:
        if person is None or person == facts.author:
            continue
        if person not in facts.readers or person in facts.muted or person in facts.already:
            continue
        told[person] = Notification.Kind.REPLY if person == facts.replied_to else Notification.Kind.MENTION
    return told
