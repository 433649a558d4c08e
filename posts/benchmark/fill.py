"""Fills a scratch database with many posts."""

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F

from posts.actions import repair_newest_posts
from posts.models import Membership, Notification, Post, Room

STUDENTS, TEACHERS = 200, 12


class Filler:
    """Fill a scratch database with a demo school, then increase the number of posts.

    `grow_to` copies the posts of the demo school inside the database, with higher ids. The newest page is therefore the
    same at every size, so that only the size differs.
    """

    def __init__(self, first):
        """Create the demo school with `first` posts."""
        self.first = self.posts = first
        call_command(
            "populate",
            students=STUDENTS,
            teachers=TEACHERS,
            posts=first,
            verbosity=0,
            with_published_password=True,
            until="2026-03-20T15:30+00:00",
        )
        self._copies = 0
        self._revisions = dict(Room.objects.values_list("pk", "revision"))

    def grow_to(self, size):
        """Copy posts until there are `size`."""
        copies, rest = divmod(size - self.posts, self.first)
        for number in ([rest] if rest else []) + [self.first] * copies:
            with transaction.atomic(), connection.cursor() as cursor:
                self._copy(cursor, number)
        repair_newest_posts()
        _refresh_statistics()

    def _copy(self, cursor, number):
        """Append copies of the newest `number` posts of the demo school, with their notifications marked as read."""
        shift = self.posts + number - self.first
        after = self.first - number
        self._copies += 1
        values = {field.column: f"p.{field.column}" for field in Post._meta.concrete_fields} | {
            "id": f"p.id + {shift}",
            # The post that this one replies to may not have been copied.
            "reply_to_id": f"CASE WHEN p.reply_to_id > {after} THEN p.reply_to_id + {shift} END",
            "revision": f"p.revision + {self._copies} * r.first_revision",
        }
        rooms = " UNION ALL ".join(
            f"SELECT {room} AS id, {revision} AS first_revision" for room, revision in self._revisions.items()
        )
        source = f"posts_post p JOIN ({rooms}) r ON r.id = p.room_id WHERE p.id > {after} AND p.id <= {self.first}"
        _insert(cursor, Post, values, f"{source} ORDER BY p.id")
        values = {
            field.column: f"n.{field.column}" for field in Notification._meta.concrete_fields if field.name != "id"
        }
        values |= {"post_id": f"n.post_id + {shift}", "read_at": "n.created_at"}
        source = f"posts_notification n WHERE n.post_id > {after} AND n.post_id <= {self.first}"
        _insert(cursor, Notification, values, f"{source} ORDER BY n.id")
        Membership.objects.filter(last_read__gt=0).update(last_read=F("last_read") + number)
        for room, revision in self._revisions.items():
            Room.objects.filter(pk=room).update(revision=(self._copies + 1) * revision)
        self.posts += number


def _insert(cursor, model, values, source):
    # The SQL contains only names from the models and numbers, so it needs no parameters.
    columns = ", ".join(connection.ops.quote_name(column) for column in values)
    selected = ", ".join(values.values())
    cursor.execute(f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {selected} FROM {source}")  # noqa: S608


def _refresh_statistics():
    """Refresh the statistics of the query planner. A database server does so a few minutes after many writes."""
    # PostgreSQL does not allow this inside a transaction, and MariaDB would commit the transaction.
    if connection.in_atomic_block:
        return
    statements = {"postgresql": "VACUUM ANALYZE", "mysql": "ANALYZE TABLE posts_post, posts_notification"}
    if statement := statements.get(connection.vendor):
        with connection.cursor() as cursor:
            cursor.execute(statement)
