"""The kinds of notifications: who receives one, what it shows, where it leads.

To add a kind, add a line to KINDS, its template to `templates/posts/notifications/` and its name to the migration
that `makemigrations` writes.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from config.addresses import cached_reverse


@dataclass(frozen=True)
class PostFacts:
    """The facts that decide who is notified of a post. All users are ids."""

    author: int
    mentioned: frozenset = frozenset()
    replied_to: int | None = None
    readers: frozenset = frozenset()  # of the users above, those who can see the room
    muted: frozenset = frozenset()  # of the users above, those who turned off notifications for the room
    notified: frozenset = frozenset()  # users who already have a notification of this post


@dataclass(frozen=True)
class Kind:
    """One kind of notification.

    `recipients` maps PostFacts to the ids of users to notify; kinds about a room have their recipient passed in.
    """

    label: str
    links_to: str  # "post" or "room"
    sends_email: bool
    recipients: Callable[[PostFacts], set] = lambda facts: set()

    def get_url(self, notification) -> str:
        if self.links_to == "post" and notification.post_id:
            return cached_reverse("post", notification.post_id)
        return cached_reverse("room", notification.room_slug)


# The first kind that applies to a user and a post is used: a reply says more than the mention that it may contain.
KINDS = {
    "reply": Kind(_("reply"), "post", sends_email=False, recipients=lambda facts: {facts.replied_to} - {None}),
    "mention": Kind(_("mention"), "post", sends_email=False, recipients=lambda facts: set(facts.mentioned)),
    "accepted": Kind(_("accepted"), "room", sends_email=False),
    "applied": Kind(_("applied"), "room", sends_email=False),
}


# A kind that the table does not contain, for example one that a later version wrote.
UNKNOWN = Kind(_("other"), "post", sends_email=False)


def recipients(facts: PostFacts) -> dict[int, str]:
    """Return the kind of notification for each user to notify of a post.

    Users are never notified of their own posts, of posts that they cannot see, or twice of the same post.
    """
    found = {}
    for name, kind in KINDS.items():
        for user in kind.recipients(facts) & facts.readers - facts.muted - facts.notified - {facts.author}:
            found.setdefault(user, name)
    return found
