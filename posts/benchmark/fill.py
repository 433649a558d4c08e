"""Fills a scratch database with many posts, quickly."""

from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F

from posts.models import Membership, Notification, Post, Room

STUDENTS, TEACHERS = 200, 12


@contextmanager
def scratch_database(folder, pid, keep=False):
    """Point the connection at a new, migrated database, and drop it at the end unless asked to `keep` it.

    SQLite's is a file in `folder`; on the other databases it stands beside the configured one, made and dropped by
    what makes the databases of tests. The configured database itself is not touched. Yields its name.
    """
    connection.close()
    values = connection.settings_dict
    configured, former_test = values["NAME"], values["TEST"]["NAME"]
    # A connection that is kept costs nothing per request: the comparison is the stricter for it.
    former_age, values["CONN_MAX_AGE"] = values["CONN_MAX_AGE"], None
    is_file = connection.vendor == "sqlite"
    values["TEST"]["NAME"] = str(Path(folder) / "bench.sqlite3") if is_file else f"{configured[:40]}_bench_{pid}"
    try:
        name = connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield name
        finally:
            connection.close()
            connection.creation.destroy_test_db(configured, verbosity=0, keepdb=keep)
    finally:
        values["TEST"]["NAME"], values["CONN_MAX_AGE"] = former_test, former_age


class Filler:
    """Brings a scratch database to one number of posts after the other, each larger than the one before.

    The first posts are a demo school's. More of them are made by copying those, with higher ids, in the database
    itself: the newest page says the same at every size, so that what differs between sizes is the size.
    """

    def __init__(self, first):
        self.base = first
        call_command(
            "populate", students=STUDENTS, teachers=TEACHERS, posts=first, verbosity=0, with_published_password=True,
            until="2026-03-20T15:30+00:00",
        )  # fmt: skip
        self.posts = first
        self._copies = 0
        self._revisions = dict(Room.objects.values_list("pk", "revision"))

    def grow_to(self, size):
        """Copy posts until there are `size`."""
        missing = size - self.posts
        rest = missing % self.base
        parts = ([rest] if rest else []) + [self.base] * (missing // self.base)
        for part in parts:
            with transaction.atomic(), connection.cursor() as cursor:
                self._copy(cursor, part)
        self._refresh_statistics()

    def _copy(self, cursor, part):
        """Copy the last `part` of the first posts behind all others, and their notifications, which are read."""
        shift = self.posts + part - self.base
        after = self.base - part
        values = {field.column: f"p.{field.column}" for field in Post._meta.concrete_fields}
        values["id"] = f"p.id + {shift}"
        # A reply to what is not copied with it is no reply.
        values["reply_to_id"] = f"CASE WHEN p.reply_to_id > {after} THEN p.reply_to_id + {shift} END"
        self._copies += 1
        values["revision"] = f"p.revision + {self._copies} * r.first_revision"
        rooms = " UNION ALL ".join(
            f"SELECT {room} AS id, {revision} AS first_revision" for room, revision in self._revisions.items()
        )
        self._insert(
            cursor,
            Post,
            values,
            f"posts_post p JOIN ({rooms}) r ON r.id = p.room_id",
            f"p.id > {after} AND p.id <= {self.base}",
            "p.id",
        )
        values = {field.column: f"n.{field.column}" for field in Notification._meta.concrete_fields}
        del values["id"]
        values["post_id"] = f"n.post_id + {shift}"
        values["read_at"] = "n.created_at"
        wanted = f"n.post_id > {after} AND n.post_id <= {self.base}"
        self._insert(cursor, Notification, values, "posts_notification n", wanted, "n.id")
        Membership.objects.filter(last_read__gt=0).update(last_read=F("last_read") + part)
        for room, revision in self._revisions.items():
            Room.objects.filter(pk=room).update(revision=(self._copies + 1) * revision)
        self.posts += part

    @staticmethod
    def _insert(cursor, model, values, source, wanted, order):
        # Names and numbers of ours only: nothing in here was typed by anybody.
        quoted = ", ".join(connection.ops.quote_name(column) for column in values)
        selected = ", ".join(values.values())
        cursor.execute(
            f"INSERT INTO {model._meta.db_table} ({quoted}) "  # noqa: S608
            f"SELECT {selected} FROM {source} WHERE {wanted} ORDER BY {order}"
        )

    @staticmethod
    def _refresh_statistics():
        """Do what a server does by itself some minutes after so much was written; SQLite does nothing, nor do we."""
        # Inside a transaction (a test's) the one refuses and the other ends it.
        if connection.in_atomic_block:
            return
        statements = {"postgresql": ["VACUUM ANALYZE"], "mysql": ["ANALYZE TABLE posts_post, posts_notification"]}
        with connection.cursor() as cursor:
            for statement in statements.get(connection.vendor, []):
                cursor.execute(statement)
