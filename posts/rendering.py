"""Posts as markup: each rendered once per version, so that a page of a conversation costs little more than its keys.

A row is the same for every reader but for the classes on it (my own post, one that goes on from the one above), and
is kept in this process under them. A page of rows is kept too: one for all readers whom nothing on it concerns, and one
for each whom something does.
"""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from posts.markup import segments
from posts.models import Post

KEPT_ROWS = 8192
GROUPED_WITHIN = 5 * 60  # seconds
_kept = {}
KEPT_PAGES = 256
_kept_pages = {}


def conversation_rows(keys, viewer, room, last_read=None):
    """Return the rows of `keys` (PostKeys of `room`, oldest first) for `viewer`, as markup, with a line for each day.

    `last_read` is the id after which posts are new to the viewer, and a line says so; None shows no such line.
    Costs a query where a post is not kept in its present version, and none else.
    """
    # Asked once, not for each row: `viewer` is looked up anew at every attribute (`request.user`).
    me, name, moderated = viewer.pk, viewer.username_key, room.is_moderated_by(viewer)
    is_for_me = any(key.author_id == me or name in key.mentions for key in keys)
    is_new = last_read is not None and bool(keys) and keys[-1].pk > last_read
    # PostKeys that come from where they are kept are the same objects until something about them changes.
    # None and not False, which a dictionary takes for 0: of somebody who has read nothing yet.
    mine, new = me if is_for_me else None, last_read if is_new else None
    place = (room.slug, get_language(), moderated, mine, new, *map(id, keys))
    _keys, rows = _kept_pages.get(place, (None, None))
    if rows is None:
        rows = _rows(keys, me, name, moderated, room, last_read)
        if len(_kept_pages) >= KEPT_PAGES:
            _kept_pages.clear()
        # With the keys: as long as they are there, no others have their ids.
        _kept_pages[place] = keys, rows
    return rows


def _rows(keys, me, name, moderated, room, last_read):
    language = get_language()
    wanted, previous, day, has_shown_unread = [], None, None, last_read is None
    for key in keys:
        mine = key.author_id == me
        is_new_day = day is None or not day.begins <= key.created_at < day.ends
        if is_new_day:
            day = _Day.of(key.created_at)
        is_first_unread = not has_shown_unread and not mine and key.pk > last_read
        has_shown_unread = has_shown_unread or is_first_unread
        flags = (
            ("is-mine is-removable " if mine else "is-removable " if moderated else "")
            + ("is-for-me " if name in key.mentions else "")
            + ("goes-on" if not is_new_day and not is_first_unread and _goes_on(previous, key) else "")
        ).rstrip()
        wanted.append(((key.pk, flags, language), day.date if is_new_day else None, is_first_unread))
        previous = key
    html = _rendered(room, [place for place, *_lines in wanted], keys)
    rows = []
    for place, day, is_first_unread in wanted:
        if day:
            rows.append(_day_line(day, language))
        if is_first_unread:
            rows.append(_unread_line(language))
        rows.append(html[place])
    return mark_safe("".join(rows))


def rows_for_all(keys, room):
    """Return {id: markup} for `keys` (PostKeys of `room`): rows that are nobody's in particular, under their days."""
    language = get_language()
    places = [(key.pk, "", language) for key in keys]
    html = _rendered(room, places, keys)
    return {
        key.pk: _day_line(timezone.localdate(key.created_at), language) + html[place]
        for key, place in zip(keys, places, strict=True)
    }


def forget():
    """Drop every kept row, as a process that has just begun has none."""
    _kept.clear()
    _kept_pages.clear()


def body_segments(post):
    """Return the text of `post` in Segments, for a template to make links of."""
    return segments(post.body, set(post.mentions))


class _Day(NamedTuple):
    """A day where the school is: comparing moments with its ends costs less than finding each one's date."""

    date: date
    begins: datetime
    ends: datetime

    @classmethod
    def of(cls, moment):
        today = timezone.localdate(moment)
        ends = (datetime.combine(day, time.min) for day in (today, today + timedelta(days=1)))
        return cls(today, *map(timezone.make_aware, ends))


@lru_cache(maxsize=512)
def _day_line(day, language):
    return render_to_string("posts/_day.html", {"day": day})


@lru_cache
def _unread_line(language):
    return render_to_string("posts/_unread_line.html")


def _rendered(room, places, keys):
    """Return {place: markup} for `places` (id, flags, language), rendering those that are not kept as they are now."""
    html, missing, slug = {}, [], room.slug
    for place, key in zip(places, keys, strict=True):
        wanted = (key.version, slug)
        version, markup = _kept.get(place, (None, None))
        if version == wanted:
            html[place] = markup
        else:
            missing.append((place, wanted))
    if missing:
        posts = Post.objects.for_display().in_bulk([place[0] for place, _version in missing])
        for place, version in missing:
            if place[0] not in posts:  # deleted for good since the keys were read
                html[place] = ""
                continue
            html[place] = _render(posts[place[0]], place[1], room)
            if len(_kept) >= KEPT_ROWS:
                forget()
            _kept[place] = (version, html[place])
    return html


def _render(post, flags, room):
    context = {"post": post, "segments": body_segments(post), "flags": flags, "room_url": room.get_absolute_url()}
    return render_to_string("posts/_post.html", context)


def _goes_on(previous, key):
    return (
        previous.author_id == key.author_id
        and not previous.is_removed
        and not key.is_removed
        and key.reply_to_id is None
        and (key.created_at - previous.created_at).total_seconds() < GROUPED_WITHIN
    )
