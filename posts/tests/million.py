"""A school that has written a million posts, made by the database itself."""

from contextlib import contextmanager
from dataclasses import dataclass

from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection

from accounts.models import User
from accounts.tests.factories import StudentFactory
from posts.models import Membership, Notification, Post, Room
from posts.tests.factories import RoomFactory

POSTS = 1_000_000
PEOPLE, ROOMS = 400, 20
QUIET = 20_000  # one post of so many is in the quiet room, and another is by the quiet author
FORGOTTEN = 200  # ids, below which the posts of a room are that has been quiet since
UNREAD = 10  # notifications a person has not read

# How each database counts to a million, and writes a moment, a token and a quotient without its rest.
COUNTED = f"""WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {POSTS})
    SELECT %s FROM numbers"""
COUNTED_FLAT = f"""WITH RECURSIVE digits (d) AS (SELECT 0 UNION ALL SELECT d + 1 FROM digits WHERE d < 999)
    SELECT %s FROM (SELECT high.d * 1000 + low.d + 1 AS n FROM digits high CROSS JOIN digits low) numbers
    WHERE n <= {POSTS}"""
WORDS = {
    "sqlite": (COUNTED, "datetime(1700000000 + 30 * n, 'unixepoch')", "printf('%032x', n)", "/"),
    "postgresql": (COUNTED, "to_timestamp(1700000000 + 30 * n)", "CAST(lpad(to_hex(n), 32, '0') AS uuid)", "/"),
    "mysql": (COUNTED_FLAT, "from_unixtime(1700000000 + 30 * n)", "lpad(hex(n), 32, '0')", "DIV"),
}


@dataclass
class School:
    """Who wrote the million posts, and where."""

    people: list
    rooms: list  # classes
    common: Room
    quiet: Room
    quiet_author: User
    newcomer: User  # has written nothing


def fill():
    """Fill an empty database; return the School.

    Seven posts of ten are in the common room. Every fifth is a reply, every hundredth is removed, and every ninth
    has told somebody, who has read of all but the newest.
    """
    people = [StudentFactory() for _number in range(PEOPLE)]
    rooms = [RoomFactory(revision=POSTS) for _number in range(ROOMS)]
    Room.objects.filter(is_common=True).update(revision=POSTS)
    forgotten = RoomFactory(slug="forgotten", revision=FORGOTTEN)
    school = School(
        people, rooms, Room.objects.get(is_common=True), RoomFactory(slug="quiet", revision=POSTS),
        StudentFactory(username="hardly"), StudentFactory(username="newcomer"),
    )  # fmt: skip
    Membership.objects.filter(room=school.common, user__in=people).update(last_read=POSTS)
    Membership.objects.bulk_create(
        Membership(user=person, room=room, last_read=POSTS - 1000 * place)
        for number, person in enumerate([*people, school.quiet_author, school.newcomer])
        for place, room in enumerate([school.quiet, *rooms[number % 3 :: 3]], start=1)
    )
    # Everybody has read it all, long ago.
    Membership.objects.bulk_create(
        Membership(user=person, room=forgotten, last_read=FORGOTTEN) for person in [*people, school.newcomer]
    )
    with connection.cursor() as cursor, _written_at_once(cursor):
        _write(cursor, school, forgotten)
    for room in Room.objects.all():
        newest = Post.objects.in_room(room).not_removed().newest_first().values_list("pk", flat=True).first()
        Room.objects.filter(pk=room.pk).update(newest_post=newest or 0)
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Post]):
            cursor.execute(statement)
        # What a server does by itself some minutes after so much was written; SQLite does nothing, nor do we.
        statements = {"postgresql": "VACUUM ANALYZE", "mysql": "ANALYZE TABLE posts_post, posts_notification"}
        if connection.vendor in statements:
            cursor.execute(statements[connection.vendor])
    return school


def empty():
    """Leave the database as the tests find it."""
    # Without keys to follow, a table of SQLite is emptied at once and not row by row.
    with connection.constraint_checks_disabled():
        call_command("flush", interactive=False, verbosity=0)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")


def _write(cursor, school, forgotten):
    counted, when, token, div = WORDS[connection.vendor]
    first_person, first_room = school.people[0].pk, school.rooms[0].pk
    # Ids are taken one after the other.
    assert school.people[-1].pk - first_person == PEOPLE - 1
    assert school.rooms[-1].pk - first_room == ROOMS - 1
    _insert(
        cursor,
        Post,
        counted,
        id="n",
        room_id=f"""CASE WHEN n % {QUIET} = 8 THEN {school.quiet.pk}
            WHEN n <= {FORGOTTEN} AND n % 10 = 9 THEN {forgotten.pk} WHEN n % 10 < 7 THEN {school.common.pk}
            ELSE {first_room} + n {div} 10 % {ROOMS} END""",
        author_id=f"""CASE WHEN n % {QUIET} = 9 THEN {school.quiet_author.pk}
            ELSE {first_person} + (n * 31 + n {div} 997) % {PEOPLE} END""",
        body="'Has anybody done the exercise on page 27?'",
        mentions="'[]'",
        reply_to_id=f"CASE WHEN n % 5 = 0 AND n > {10 * ROOMS} THEN n - {10 * ROOMS} END",
        created_at=when,
        removed_at=f"CASE WHEN n % 100 = 3 THEN {when} END",
        token=token,
        revision="n",
    )
    _insert(
        cursor,
        Notification,
        "SELECT %s FROM posts_post WHERE id % 9 = 0 ORDER BY id",
        recipient_id=f"{first_person} + (id {div} 9) % {PEOPLE}",
        actor_id="author_id",
        kind="'mention'",
        post_id="id",
        room_id="room_id",
        created_at="created_at",
        read_at=f"CASE WHEN id <= {POSTS - 9 * UNREAD * PEOPLE} THEN created_at END",
    )


def _insert(cursor, model, source, **values):
    # Names and numbers of ours only.
    rows = source.replace("%s", ", ".join(values.values()), 1)
    cursor.execute(f"INSERT INTO {model._meta.db_table} ({', '.join(values)}) {rows}")


@contextmanager
def _written_at_once(cursor):
    """Build indexes and check keys at the end, for all rows at once."""
    found = {
        "sqlite": """SELECT 'DROP INDEX ' || name, sql FROM sqlite_master
            WHERE tbl_name IN ('posts_post', 'posts_notification') AND type = 'index' AND sql IS NOT NULL""",
        "postgresql": """SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
                format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
            FROM pg_constraint WHERE contype = 'f'
                AND conrelid IN ('posts_post'::regclass, 'posts_notification'::regclass)
            UNION ALL SELECT format('DROP INDEX %I', indexname), indexdef FROM pg_indexes
            WHERE tablename IN ('posts_post', 'posts_notification') AND indexdef NOT LIKE '%UNIQUE%'""",
        # Does it by itself where a table is empty and it is told that nothing can collide.
        "mysql": "SELECT 'SET unique_checks = 0', 'SET unique_checks = 1'",
    }
    cursor.execute(found[connection.vendor])
    statements = cursor.fetchall()
    with connection.constraint_checks_disabled():
        for drop, _create in statements:
            cursor.execute(drop)
        yield
        for _drop, create in statements:
            cursor.execute(create)
