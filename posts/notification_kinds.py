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
    notifications_off: frozenset = frozenset()  # users who turned off notifications for the room
    notified: frozenset = frozenset()  # users who already have a notification about the post


@dataclass(frozen=True)
class Kind:
    """One kind of notification.

    A list shows notifications that share `grouped_by`, the lookup of an id, as one row.
    `recipients` returns the ids of the users to notify of a post. Other kinds have none: operations choose their
    recipient.
    """

    label: str
    links_to: str  # "post", or the name of a URL of the room, of the list of rooms or of the home page
    recipients: Callable[[PostFacts], set] | None = None
    grouped_by: str = ""
    is_always_visible: bool = False  # also to a recipient who cannot see the room

    def get_url(self, notification) -> str:
        if self.links_to == "post" and notification.post_id:
            return cached_reverse("post", args=(notification.post_id,))
        if self.links_to in ("home", "rooms"):
            return cached_reverse(self.links_to)
        if not notification.room_id:
            return cached_reverse("home")
        return cached_reverse("room" if self.links_to == "post" else self.links_to, args=(notification.room_slug,))


# In order of priority: a reply that also mentions its recipient is a "reply".
KINDS = {
    "reply": Kind(
        _("reply"), "post", recipients=lambda facts: {facts.replied_to} - {None}, grouped_by="post__reply_to"
    ),
    "mention": Kind(_("mention"), "post", recipients=lambda facts: set(facts.mentioned)),
    # Written with one query, without this table: it can have hundreds of recipients.
    "room": Kind(_("mention of the whole room"), "post"),
    "accepted": Kind(_("join request accepted"), "room"),
    "declined": Kind(_("join request declined"), "rooms", is_always_visible=True),
    "applied": Kind(_("join request"), "room_members", grouped_by="room"),
    # The only kind without a room.
    "approved": Kind(_("teacher account approved"), "home"),
}
ABOUT_POSTS = [name for name, kind in KINDS.items() if kind.links_to == "post"]
ALWAYS_VISIBLE = [name for name, kind in KINDS.items() if kind.is_always_visible]


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
        for user in kind.recipients(facts) & facts.readers - facts.notifications_off - facts.notified - {facts.author}:
            kinds.setdefault(user, name)
    return kinds
