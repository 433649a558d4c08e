"""Kinds of notifications: labels, links and recipients.

To add a kind, add an entry to KINDS and a template to `templates/posts/notifications/`, and run `makemigrations`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from config.addresses import cached_reverse


@dataclass(frozen=True)
class PostFacts:
    """The facts that determine the recipients of the notifications about a post. Users are ids."""

    author: int
    mentioned: frozenset = frozenset()
    replied_to: int | None = None
    readers: frozenset = frozenset()  # users who can see the room
    muted: frozenset = frozenset()  # users who turned off notifications for the room
    notified: frozenset = frozenset()  # users who already have a notification about the post


@dataclass(frozen=True)
class Kind:
    """One kind of notification.

    `recipients` returns the ids of the users to notify of a post. A kind that is about a room has none: operations
    choose its recipient.
    """

    label: str
    links_to: str  # "post" or "room"
    recipients: Callable[[PostFacts], set] | None = None

    def get_url(self, notification) -> str:
        if self.links_to == "post" and notification.post_id:
            return cached_reverse("post", args=(notification.post_id,))
        return cached_reverse("room", args=(notification.room_slug,))


# In order of priority: a reply that also mentions its recipient is a "reply".
KINDS = {
    "reply": Kind(_("reply"), "post", recipients=lambda facts: {facts.replied_to} - {None}),
    "mention": Kind(_("mention"), "post", recipients=lambda facts: set(facts.mentioned)),
    "accepted": Kind(_("join request accepted"), "room"),
    "applied": Kind(_("join request"), "room"),
}


# A kind that the table does not contain, for example one that a later version wrote.
UNKNOWN = Kind(_("other"), "post")


def recipients(facts: PostFacts) -> dict[int, str]:
    """Return {user: kind} for each user to notify of a post.

    Users are not notified of their own posts, of posts that they cannot see, or twice about the same post.
    """
    kinds = {}
    for name, kind in KINDS.items():
        if kind.recipients is None:
            continue
        for user in kind.recipients(facts) & facts.readers - facts.muted - facts.notified - {facts.author}:
            kinds.setdefault(user, name)
    return kinds
