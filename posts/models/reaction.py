"""Reactions."""

from collections import defaultdict
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from posts.models.post import Post


class Emoji(models.TextChoices):
    """The emoji of reactions, in the order in which they are shown.

    The database contains names: the usual collations of MariaDB compare all these characters as equal.
    """

    THUMBS_UP = "thumbs_up", _("thumbs up")
    HEART = "heart", _("heart")
    LAUGHING = "laughing", _("laughing")
    SURPRISED = "surprised", _("surprised")
    SAD = "sad", _("sad")
    PARTY = "party", _("party")

    @property
    def character(self) -> str:
        return CHARACTERS[self]


CHARACTERS = {
    Emoji.THUMBS_UP: "👍",
    Emoji.HEART: "❤️",
    Emoji.LAUGHING: "😂",
    Emoji.SURPRISED: "😮",
    Emoji.SAD: "😢",
    Emoji.PARTY: "🎉",
}


def reactions_to(post: Post) -> list[tuple[Emoji, list[int]]]:
    """Return the emoji with which users have reacted to `post`, and the ids of these users. Runs no query."""
    return [(emoji, post.reactions[emoji]) for emoji in Emoji if emoji in post.reactions]


class ReactionQuerySet(models.QuerySet):
    def to_post(self, post: Post) -> Self:
        return self.filter(post=post)

    def by_post(self) -> dict[int, dict[str, list[int]]]:
        """Return {id of a post: {emoji: ids of the users who reacted, in that order}} for `Post.reactions`."""
        posts = defaultdict(lambda: defaultdict(list))
        for post, emoji, user in self.order_by("pk").values_list("post", "emoji", "user"):
            posts[post][emoji].append(user)
        return posts


class Reaction(models.Model):
    """An emoji with which a user has reacted to a post."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="+", db_index=False, verbose_name=_("post"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reactions", verbose_name=_("user"))
    emoji = models.CharField(_("emoji"), max_length=10, choices=Emoji)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    objects = ReactionQuerySet.as_manager()

    class Meta:
        verbose_name = _("reaction")
        verbose_name_plural = _("reactions")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["post", "user", "emoji"], name="one_reaction_per_user_and_emoji"),
        ]

    def __str__(self):
        return gettext("%(emoji)s by %(user)s") % {"emoji": Emoji(self.emoji).character, "user": self.user}
