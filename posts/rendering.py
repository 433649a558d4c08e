"""Rendering of posts. Each post is rendered once per version and language, and cached in this process.

The cached row is the same for every reader. Differences (the reader's own post, a post that continues the previous
one) are classes on the row. The server checks every permission again.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from posts.markup import ROOM, Segment, parse, resolve
from posts.models import Post, PostKey, Room, reactions_to

CACHE_SIZE = 8192
GROUPED_WITHIN = 5 * 60  # seconds
_CLASSES = "classes-of-the-row"  # a placeholder that is a valid class name
_cache: dict[tuple[int, str], "Row"] = {}


class Row(NamedTuple):
    """A rendered post: the version of the post and the HTML before and after the reader's classes."""

    version: tuple
    before: str
    after: str

    def with_classes(self, classes: str) -> str:
        return f"{self.before}{classes}{self.after}" if self.after else ""


def conversation_rows(
    keys: Sequence[PostKey], viewer, room: Room, moderates: bool, last_read: int | None = None, number: int = 0
) -> str:
    """Return the rows of `keys` (posts of `room`, oldest first) for `viewer` as HTML, with a line for each day.

    `moderates` is whether the viewer can remove other users' posts. A line marks the first post by another user after
    the id `last_read`; None omits it. It shows the `number` of unread posts, unless that is 0. Runs one query if a post
    is not cached in its current version, otherwise none.
    """
    language = get_language()
    # `viewer` is a lazy object: each access to an attribute costs a function call.
    me, names = viewer.pk, {viewer.username_key, ROOM}
    cached = _cached_rows(keys, room, language)
    this_year = timezone.localdate().year
    html, previous, day = [], None, None
    for key in keys:
        if key.is_hidden:
            html.append(cached[key.pk].with_classes(""))
            continue
        is_mine = key.author_id == me
        is_new_day = day is None or not day.start <= key.created_at < day.end
        if is_new_day:
            day = _Day.of(key.created_at)
            html.append(_day_line(day.date, language, this_year))
        is_first_unread = last_read is not None and key.pk > last_read and not is_mine and not key.is_removed
        if is_first_unread:
            last_read = None
            html.append(_unread_line(number, language))
        continues = not is_new_day and not is_first_unread and _continues(previous, key)
        classes = (
            (" is-mine is-removable" if is_mine else " is-removable" if moderates else "")
            + (" is-for-me" if key.mentions and not names.isdisjoint(key.mentions) else "")
            + (" is-continued" if continues else "")
        )
        html.append(cached[key.pk].with_classes(classes))
        previous = key
    return mark_safe("".join(html))


def rows_for_stream(keys: Sequence[PostKey], room: Room) -> dict[int, str]:
    """Return {id: HTML} of `keys` (posts of `room`), each after a line for its day, without a reader's classes."""
    language = get_language()
    cached = _cached_rows(keys, room, language)
    this_year = timezone.localdate().year
    return {
        key.pk: _day_line(timezone.localdate(key.created_at), language, this_year) + cached[key.pk].with_classes("")
        for key in keys
    }


def clear_cache() -> None:
    """Remove all rendered posts."""
    _cache.clear()


def body_segments(post: Post) -> list[Segment]:
    """Return the segments of the text of `post` for a template."""
    return resolve(parse(post.body), set(post.mentions))


class _Day(NamedTuple):
    """A day in the school's time zone. Comparing with its limits is cheaper than converting each time."""

    date: date
    start: datetime
    end: datetime

    @classmethod
    def of(cls, value):
        today = timezone.localdate(value)
        limits = (datetime.combine(day, time.min) for day in (today, today + timedelta(days=1)))
        return cls(today, *map(timezone.make_aware, limits))


@lru_cache(maxsize=512)
def _day_line(day, language, this_year):
    return render_to_string("posts/_day_separator.html", {"day": day, "is_this_year": day.year == this_year})


@lru_cache
def _unread_line(number, language):
    return render_to_string("posts/_unread_separator.html", {"number": number})


def _cached_rows(keys, room, language):
    """Return {id: Row} for `keys`. Renders posts that are not cached in their current version."""
    rows, missing = {}, {}
    hidden = {key.pk for key in keys if key.is_hidden}
    for key in keys:
        version = (key.version, room.slug)
        row = _cache.get((key.pk, language))
        if row is not None and row.version == version:
            rows[key.pk] = row
        else:
            missing[key.pk] = version
    if missing:
        posts = Post.objects.select_related("author", "reply_to__author", "attachment").in_bulk(missing)
        for pk, version in missing.items():
            # A post that was deleted from the database since the keys were fetched leaves an empty row.
            rows[pk] = _render(posts[pk], version, room, pk in hidden) if pk in posts else Row(version, "", "")
            if len(_cache) >= CACHE_SIZE:
                clear_cache()
            _cache[pk, language] = rows[pk]
    return rows


def _render(post, version, room, is_hidden):
    context = {
        "post": post,
        "is_hidden": is_hidden,
        "segments": body_segments(post),
        "reactions": reactions_to(post),
        "classes": _CLASSES,
        "room_url": room.get_absolute_url(),
    }
    before, after = render_to_string("posts/_post.html", context).split(_CLASSES, 1)
    return Row(version, before, after)


def _continues(previous, key):
    return (
        previous.author_id == key.author_id
        and not previous.is_removed
        and not key.is_removed
        and key.reply_to_id is None
        # Whole seconds, because the page contains no fractions and its scripts group posts by the same rule.
        and int(key.created_at.timestamp()) - int(previous.created_at.timestamp()) < GROUPED_WITHIN
    )
