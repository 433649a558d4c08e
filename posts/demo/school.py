"""Writes a demo school to the database."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from random import Random

from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Max

from accounts.audit import ADDITION, DELETION, entry
from accounts.models import Role, User
from posts.actions import add_to_common_room
from posts.demo.members import build_memberships, build_request_notifications, choose_last_read, set_last_read
from posts.demo.portraits import draw_portrait
from posts.demo.posts import PostGenerator, build_post_notifications
from posts.demo.reactions import build_reactions
from posts.demo.rooms import DemoRoom, build_rooms
from posts.demo.texts import REMOVAL_REASONS
from posts.demo.timeline import WEEKS
from posts.demo.users import DOMAIN, DemoUsers, build_users
from posts.models import Membership, Notification, Post, Reaction, Room

PASSWORD = "paper-planes-42"
PORTRAIT_SHARE, MAX_PORTRAITS = 0.45, 200  # of the users who have signed in
BATCH_SIZE = 1000  # rows per statement: MariaDB accepts 16 MB by default

Report = Callable[[str, int, int], None]


class SchoolWriter:
    """Writes a demo school that depends only on `seed` and `until`, except for join codes and the password hash.

    `report` is called with "Users", "Rooms" or "Posts", the number written so far and the total. The audit log records
    users, rooms and removed posts, but not each post, because that would double the rows.
    """

    def __init__(self, seed: int, until: datetime, report: Report):
        self.rng = Random(seed)
        self.until = until
        self.report = report

    def write(self, students: int, teachers: int, posts: int) -> DemoUsers:
        """Write a school with these numbers of users and posts. The caller opens the transaction."""
        users = self._write_users(students, teachers)
        self.report("Users", len(users.all), len(users.all))
        rooms, memberships = self._write_rooms(users)
        self.report("Rooms", len(rooms), len(rooms))
        first_id = (Post.objects.aggregate(last=Max("pk"))["last"] or 0) + 1
        last_read = choose_last_read(self.rng, users, first_id, posts)
        generator = PostGenerator(self.rng, users, rooms, posts, first_id, self.until)
        self._write_posts(generator, last_read, posts)
        set_last_read(memberships, rooms, last_read, generator.last_id)
        _insert(Membership, memberships)
        add_to_common_room(users.all)
        _insert(Notification, build_request_notifications(memberships))
        self._update_rooms(rooms)
        return users

    def _write_users(self, students, teachers):
        taken = _taken_usernames(User.objects.values_list("username", "email").iterator())
        # All users share one hash, because hashing is slow by design.
        users = build_users(self.rng, students, teachers, taken, make_password(PASSWORD), self.until)
        candidates = [*users.teachers, *users.active_students]
        count = min(MAX_PORTRAITS, round(len(candidates) * PORTRAIT_SHARE))
        for user in self.rng.sample(candidates, count):
            user.avatar = draw_portrait(self.rng)
        _insert(User, users.all)
        _set_ids(users.all)
        _insert(LogEntry, [_log_addition(user, user, user.date_joined) for user in users.all])
        return users

    def _write_rooms(self, users):
        rooms = build_rooms(self.rng, users, Room.objects.values_list("slug", flat=True), self.until)
        for room in rooms:
            room.room.save(force_insert=True)
        _insert(LogEntry, [_log_addition(room.room.owner, room.room, room.room.created_at) for room in rooms])
        memberships = build_memberships(self.rng, users, rooms, self.until)
        administrators = User.objects.active().filter(role=Role.ADMIN).values_list("username_key", "pk")
        for room in rooms:
            room.readers |= dict(administrators)
            room.moderators.append(users.administrator)
        # Locked until the end, so that the revisions of concurrent posts stay in order.
        common_room = Room.objects.select_for_update().filter(is_common=True, archived_at=None).first()
        if common_room is not None:
            rooms.append(self._plan_common_room(common_room, users, rooms))
            memberships += [Membership(user=user, room=common_room, created_at=user.date_joined) for user in users.all]
        return rooms, memberships

    def _plan_common_room(self, common_room, users, rooms):
        start = self.until - timedelta(weeks=WEEKS)
        if common_room.created_at > start and not common_room.posts.exists():
            common_room.created_at = start - timedelta(days=30)
        removed = Membership.objects.filter(room=common_room, state=Membership.State.REMOVED).values("user")
        readers = User.objects.active().exclude(pk__in=removed).values_list("username_key", "pk")
        return DemoRoom(
            common_room, "common", [], weight=sum(room.weight for room in rooms) * 0.55 or 1,
            students=users.active_students, teachers=[*users.teachers, users.administrator],
            moderators=[users.administrator], readers=dict(readers),
        )  # fmt: skip

    def _write_posts(self, generator, last_read, total):
        # A separate generator, so that the notifications and reactions do not change the posts.
        rng = Random(self.rng.random())
        rooms = {room.room.pk: room for room in generator.rooms}
        posts, notifications, reactions, removals = [], [], [], []
        for number, (post, kinds) in enumerate(generator, 1):
            posts.append(post)
            notifications += build_post_notifications(post, kinds, last_read, rng, self.until)
            reactions += build_reactions(post, rooms[post.room_id], rng, self.until)
            if post.removed_at is not None:
                removals.append(_log_removal(post, rng))
            if len(posts) == BATCH_SIZE or number == total:
                written = (Post, posts), (Notification, notifications), (Reaction, reactions), (LogEntry, removals)
                for model, objects in written:
                    _insert(model, objects)
                    objects.clear()
                self.report("Posts", number, total)
        # PostgreSQL's sequence does not advance when rows are inserted with their ids.
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [Post]):
                cursor.execute(statement)

    def _update_rooms(self, rooms):
        for room in rooms:
            if room.is_archived_at_end and room.last_posted_at is not None:
                room.room.archived_at = min(room.last_posted_at + timedelta(days=1), self.until)
        Room.objects.bulk_update(
            [room.room for room in rooms], ["revision", "newest_post", "archived_at", "created_at"], batch_size=100
        )


def _insert(model, objects):
    model.objects.bulk_create(objects, batch_size=BATCH_SIZE)


def _taken_usernames(users: Iterable[tuple[str, str | None]]):
    """Yield usernames in use, and those whose email address in the demo school is in use."""
    for username, email in users:
        yield username
        if email and email.endswith(f"@{DOMAIN}"):
            yield email.partition("@")[0]


def _set_ids(users):
    """Set the ids of users after bulk_create, which does not return them on every database."""
    by_username = {user.username: user for user in users}
    for pk, username in User.objects.order_by("-pk")[: len(users)].values_list("pk", "username"):
        by_username[username].pk = pk
    for user in users:
        user._state.adding = False


def _log_addition(actor, obj, time):
    log_entry = entry(actor, obj, ADDITION, reason="manage.py populate")
    log_entry.action_time = time
    return log_entry


def _log_removal(post, rng):
    is_own = post.removed_by_id == post.author_id
    log_entry = entry(post.removed_by, post, DELETION, reason="" if is_own else rng.choice(REMOVAL_REASONS))
    log_entry.action_time = post.removed_at
    return log_entry
