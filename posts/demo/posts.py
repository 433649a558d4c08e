"""The posts of a demo school, overlapping threads over eight weeks, and their notifications."""

import heapq
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from django.conf import settings

from posts.demo.rooms import DemoRoom
from posts.demo.texts import FINAL_THREADS, TEXTS
from posts.demo.threads import ThreadWriter
from posts.demo.timeline import WEEKS, Timeline, school_days_later
from posts.demo.users import DemoUsers
from posts.markup import find_mentions, parse
from posts.models import Notification, Post
from posts.notification_kinds import PostFacts, recipients

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EDITED_SHARE, REMOVED_SHARE = 0.02, 0.006
FINAL_POSTS = 12  # about users with printed credentials, in a school with at least 40 posts


class PostGenerator:
    """An iterable of pairs of an unsaved post and {recipient id: notification kind}, oldest first.

    The posts have ids from `first_id` on, so that replies can refer to them before they are saved.
    """

    def __init__(
        self, rng: Random, users: DemoUsers, rooms: list[DemoRoom], count: int, first_id: int, until: datetime
    ):
        self.rng, self.users, self.rooms = rng, users, rooms
        self.count, self.until = count, until
        self.writer = ThreadWriter(rng, users, rooms, settings.POST_MAX_LENGTH)
        self._next_id = first_id
        self._last_microseconds = 0
        self._last_replies = {}  # {id of a user with printed credentials: (room, their last reply)}
        self._ids_with_sign_in = {user.pk for user in users.sign_ins.values()}

    @property
    def last_id(self) -> int:
        """The id of the last post generated."""
        return self._next_id - 1

    def __iter__(self) -> Iterator[tuple[Post, dict[int, str]]]:
        final = FINAL_POSTS if self.count >= 40 else 0
        for timestamp, draft in self._schedule_threads(self.count - final):
            yield self._complete(draft, timestamp)
        timestamp = self.until.timestamp() - 28 * 60
        for draft in itertools.islice(self._draft_final_posts(), final):
            yield self._complete(draft, timestamp, is_final=True)
            timestamp += 25 * 60 / final

    def _schedule_threads(self, count):
        """Yield `count` pairs of a timestamp and a draft, in order of time. Threads overlap."""
        end = self.until - timedelta(minutes=31)
        timeline = Timeline(self.until - timedelta(weeks=WEEKS), end - timedelta(minutes=20))
        latest, order = end.timestamp(), itertools.count()
        pending, drafted = [], 0
        while drafted < count:
            room = self._choose_room(drafted / count)
            drafts = self.writer.draft_next(room)
            timestamp = timeline.timestamp_at((drafted + self.rng.random() * len(drafts)) / count)
            while pending and pending[0][0] <= timestamp:
                yield _pop(pending)
            for draft in drafts[: count - drafted]:
                timestamp = school_days_later(timestamp, draft.days)
                if timestamp > latest:
                    break
                heapq.heappush(pending, (timestamp, next(order), draft))
                drafted += 1
                timestamp += self._pause()
        while pending:
            yield _pop(pending)

    def _choose_room(self, share):
        rooms = [room for room in self.rooms if not (room.is_archived_at_end and share > 0.6)]
        return self.rng.choices(rooms, [room.weight for room in rooms])[0]

    def _pause(self):
        return min(5 + self.rng.expovariate(1 / 110), 1500)

    def _draft_final_posts(self):
        """Yield endless drafts that mention the users with printed credentials, to notify all of them."""
        sign_ins = self.users.sign_ins
        threads = {label: itertools.cycle(FINAL_THREADS[label]) for label in sign_ins}
        replies = itertools.cycle(TEXTS["final_replies"].splitlines())
        for number, (label, user) in enumerate(itertools.cycle(sign_ins.items())):
            excluded, mention = set(sign_ins.values()), f"@{user.username}"
            last_reply = self._last_replies.get(user.pk)
            if number >= len(sign_ins) and last_reply is not None:
                yield self.writer.draft_reply(last_reply[0], next(replies), last_reply[1], excluded, s=mention)
            else:
                room = self._choose_final_room(number, label, user)
                yield from self.writer.draft_thread(room, next(threads[label]), excluded, s=mention)

    def _choose_final_room(self, number, label, user):
        common = [room for room in self.rooms if room.kind == "common"]
        active = [room for room in self.rooms if room.kind != "notices" and not room.is_archived_at_end]
        rooms = [room for room in active if user.pk in room.readers.values()]
        is_for_everyone = label not in ("student", "teacher") or number % 3 == 0
        return self.rng.choice((is_for_everyone and common) or rooms or self.rooms)

    def _complete(self, draft, timestamp, *, is_final=False):
        """Set the id, time, revision and mentions of a post. Return it and {recipient id: notification kind}."""
        room, post, parent = draft.room, draft.post, draft.parent
        # Two posts never have the same time.
        self._last_microseconds = max(int(timestamp * 1_000_000), self._last_microseconds + 1)
        post.created_at = EPOCH + timedelta(microseconds=self._last_microseconds)
        post.pk = self._next_id
        self._next_id += 1
        room.room.revision += 1
        if parent is not None and parent.removed_at is not None and parent.removed_at <= post.created_at:
            parent = None
        post.reply_to = parent
        mentioned = find_mentions(parse(post.body), room.readers)
        post.mentions = sorted(mentioned)
        if not is_final:
            self._edit_or_remove(room, post)
        post.revision = room.room.revision
        if post.removed_at is None:
            room.room.newest_post = post.pk
            if post.author_id in self._ids_with_sign_in and parent is not None:
                self._last_replies[post.author_id] = room, post
        room.post_ids.append(post.pk)
        room.last_post_by_author[post.author_id] = post.pk
        room.last_posted_at = post.created_at
        return post, _recipients(room, post, frozenset(mentioned.values()))

    def _edit_or_remove(self, room, post):
        """Edit or remove a few posts. The room's revision increases, as on the site."""
        draw = self.rng.random()
        if draw < EDITED_SHARE:
            post.edited_at = min(post.created_at + timedelta(seconds=self.rng.uniform(15, 400)), self.until)
        elif draw < EDITED_SHARE + REMOVED_SHARE:
            post.removed_at = min(post.created_at + timedelta(seconds=self.rng.uniform(60, 4000)), self.until)
            by_author = self.rng.random() < 0.4
            post.removed_by = post.author if by_author else self.rng.choice(room.moderators)
        else:
            return
        room.room.revision += 1


def build_post_notifications(
    post: Post, kinds: dict[int, str], last_read: dict[int, int], rng: Random, until: datetime
) -> Iterator[Notification]:
    """Yield the unsaved notifications of `post`, given {recipient id: kind}. They are read if the post is read."""
    # Sorted by id, because the order of a set differs between runs.
    for recipient, kind in sorted(kinds.items()):
        is_read = post.pk <= last_read.get(recipient, 0)
        read_at = min(post.created_at + timedelta(seconds=rng.uniform(30, 6 * 3600)), until)
        yield Notification(
            recipient_id=recipient, actor_id=post.author_id, kind=kind, post=post, room_id=post.room_id,
            created_at=post.created_at, read_at=read_at if is_read else None,
        )  # fmt: skip


def _pop(pending):
    timestamp, _order, draft = heapq.heappop(pending)
    return timestamp, draft


def _recipients(room, post, mentioned):
    # Nobody sees the notifications of a removed post.
    if post.removed_at is not None:
        return {}
    replied_to = post.reply_to.author_id if post.reply_to else None
    users = mentioned | ({replied_to} - {None})
    facts = PostFacts(
        author=post.author_id,
        mentioned=mentioned,
        replied_to=replied_to,
        readers=users,  # all of them can see the room
        notifications_off=users & room.notifications_off,
    )
    return recipients(facts)
