"""Posts as markup: each rendered once per version, so that a page of a conversation costs little more than its keys.

A row is the same for every reader but for the classes on it (my own post, one that goes on from the one above), and
is kept in this process under them.
"""

from functools import lru_cache

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from posts.markup import segments
from posts.models import Post

KEPT_ROWS = 8192
GROUPED_WITHIN = 5 * 60  # seconds
_kept = {}


def conversation_rows(keys, viewer, room, last_read=None):
    """Return the rows of `keys` (PostKeys of `room`, oldest first) for `viewer`, as markup, with a line for each day.

    `last_read` is the id after which posts are new to the viewer, and a line says so; None shows no such line.
    Costs a query where a post is not kept in its present version, and none else.
    """
    moderated = room.is_moderated_by(viewer)
    name = viewer.username_key
    language = get_language()
    wanted, previous, previous_day, has_shown_unread = [], None, None, last_read is None
    for key in keys:
        mine = key.author_id == viewer.pk
        day = timezone.localdate(key.created_at)
        is_new_day = day != previous_day
        is_first_unread = not has_shown_unread and not mine and key.pk > last_read
        has_shown_unread = has_shown_unread or is_first_unread
        flags = (
            ("is-mine is-removable " if mine else "is-removable " if moderated else "")
            + ("is-for-me " if name in key.mentions else "")
            + ("goes-on" if not is_new_day and not is_first_unread and _goes_on(previous, key) else "")
        ).rstrip()
        wanted.append(((key.pk, flags, language), day if is_new_day else None, is_first_unread))
        previous, previous_day = key, day
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


def body_segments(post):
    """Return the text of `post` in Segments, for a template to make links of."""
    return segments(post.body, set(post.mentions))


@lru_cache(maxsize=512)
def _day_line(day, language):
    return render_to_string("posts/_day.html", {"day": day})


@lru_cache
def _unread_line(language):
    return render_to_string("posts/_unread_line.html")


def _rendered(room, places, keys):
    """Return {place: markup} for `places` (id, flags, language), rendering those that are not kept as they are now."""
    html, missing = {}, []
    for place, key in zip(places, keys, strict=True):
        version, markup = _kept.get(place, (None, None))
        if version == (key.version, room.slug):
            html[place] = markup
        else:
            missing.append((place, (key.version, room.slug)))
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
