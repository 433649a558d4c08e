"""Posts as markup: each rendered once per version, the same for every reader.

What differs between readers (whose post it is, who may remove it) is a class on the row around it.
"""

from django.template.loader import get_template
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from posts.markup import segments

CACHED_ROWS = 4096
GROUPED_WITHIN = 5 * 60  # seconds
_rendered = {}


class Row:
    """A post as one reader sees it in a conversation."""

    __slots__ = ("day", "flags", "inner", "is_first_unread", "post")

    def __init__(self, post, inner, flags, day, is_first_unread):
        self.post = post
        self.inner = inner
        self.flags = flags
        self.day = day
        self.is_first_unread = is_first_unread


def conversation_rows(posts, viewer, room, last_read=None):
    """Return `posts` (oldest first, fetched `for_display`) as Rows for `viewer`.

    A row has `day` set where a new day begins, and says whether it goes on where the same person spoke just
    before. `last_read` is the id after which posts are new to the viewer; None shows no such line.
    """
    moderated = room.is_moderated_by(viewer)
    rows, previous, shown_unread = [], None, last_read is None
    for post in posts:
        flags = []
        mine = post.author_id == viewer.pk
        if mine:
            flags.append("is-mine")
        if moderated or mine:
            flags.append("is-removable")
        if viewer.username_key in post.mentions:
            flags.append("is-for-me")
        day = timezone.localdate(post.created_at)
        new_day = previous is None or day != timezone.localdate(previous.created_at)
        first_unread = not shown_unread and not mine and post.pk > last_read
        shown_unread = shown_unread or first_unread
        if not new_day and not first_unread and _goes_on(previous, post):
            flags.append("goes-on")
        rows.append(Row(post, render_post(post, room), " ".join(flags), day if new_day else None, first_unread))
        previous = post
    return rows


def render_post(post, room):
    """Return the inside of a post's row, from the cache while nothing that it shows has changed."""
    parent = post.reply_to
    key = (post.pk, get_language())
    version = (
        post.revision,
        post.author.updated_at,
        parent and (parent.revision, parent.author.updated_at),
        room.slug,
    )
    kept = _rendered.get(key)
    if kept is not None and kept[0] == version:
        return kept[1]
    context = {"post": post, "segments": body_segments(post), "room_url": room.get_absolute_url()}
    html = mark_safe(get_template("posts/_post.html").render(context))
    if len(_rendered) >= CACHED_ROWS:
        _rendered.clear()
    _rendered[key] = (version, html)
    return html


def body_segments(post):
    """Return the text of `post` in Segments, for a template to make links of."""
    return segments(post.body, set(post.mentions))


def _goes_on(previous, post):
    return (
        previous.author_id == post.author_id
        and not previous.is_removed
        and not post.is_removed
        and post.reply_to_id is None
        and (post.created_at - previous.created_at).total_seconds() < GROUPED_WITHIN
    )


