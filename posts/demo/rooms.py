"""The rooms of a demo school."""

import itertools
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from django.utils.text import slugify

from accounts.models import User
from posts.demo.texts import CLUBS, TEXTS, TOPICS
from posts.demo.timeline import WEEKS
from posts.demo.users import DemoUsers
from posts.models import Room


@dataclass(eq=False, slots=True)
class DemoRoom:
    """A room, and the data needed to write posts in it."""

    room: Room
    kind: str  # "common", "class", "club" or "notices"
    topics: list[str]
    weight: float  # its relative share of all posts
    subject: str = ""  # the subject of a class, or the name of a club
    students: list[User] = field(default_factory=list)
    teachers: list[User] = field(default_factory=list)
    moderators: list[User] = field(default_factory=list)
    readers: dict[str, int] = field(default_factory=dict)  # {lower-case username: id} of the users who can see it
    notifications_off: set[int] = field(default_factory=set)  # ids of users who turned off notifications
    is_archived_at_end: bool = False

    # Set while posts are written.
    student_authors: list[User] = field(default_factory=list)  # repeated in proportion to the posts that they write
    post_ids: array = field(default_factory=lambda: array("q"))
    last_post_by_author: dict[int, int] = field(default_factory=dict)  # {user id: post id}
    last_posted_at: datetime | None = None


def build_rooms(rng: Random, users: DemoUsers, taken_slugs: Iterable[str], until: datetime) -> list[DemoRoom]:
    """Return unsaved rooms: a class for each teacher, a club for every second one, and notices for a year."""
    subjects, clubs, years = itertools.cycle(TOPICS), itertools.cycle(CLUBS), itertools.cycle((9, 10, 11, 7, 8))
    builder = _RoomBuilder(rng, taken_slugs, until - timedelta(weeks=WEEKS))
    for number, teacher in enumerate(users.teachers):
        subject = next((subject for subject in TOPICS if subject in teacher.description), None) or next(subjects)
        names = [f"{subject} {grade}{letter}" for grade in range(7, 12) for letter in "ABCD"]
        rng.shuffle(names)
        builder.add(names, "class", subject, teacher)
        if number % 2 == 0:
            club = next(clubs)
            builder.add([club, f"{club}, seniors", f"{club}, juniors"], "club", club, teacher)
        if number % 5 == 1:
            builder.add([f"Year {next(years)} notices"], "notices", "", teacher)
    if len(builder.rooms) > 5:
        builder.rooms[-1].is_archived_at_end = True
    return builder.rooms


class _RoomBuilder:
    def __init__(self, rng, taken_slugs, start):
        self.rng, self.start = rng, start
        self.names, self.slugs = set(), set(taken_slugs)
        self.rooms = []

    def add(self, names, kind, subject, owner):
        """Add a room with the first of `names` that is free."""
        name = next((name for name in names if name not in self.names), None)
        name = name or _first_free(f"{names[0]} ({{}})", self.names)
        slug = slugify(name)
        slug = slug if slug not in self.slugs else _first_free(f"{slug}-{{}}", self.slugs)
        self.names.add(name)
        self.slugs.add(slug)
        created = self.start - timedelta(days=6) - timedelta(seconds=self.rng.randrange(3 * 86400))
        # The join code does not depend on the seed: it is a secret, and the seeds are public.
        room = Room(
            name=name, slug=slug, owner=owner, created_at=created,
            description=TEXTS["room_descriptions"][kind].format(name=name),
            joining=Room.Joining.CODE if kind == "club" else Room.Joining.REQUEST,
        )  # fmt: skip
        weight = self.rng.uniform(0.6, 1.6) * (0.8 if kind == "notices" else 1)
        topics = (TOPICS | CLUBS).get(subject, [])
        self.rooms.append(DemoRoom(room, kind, topics, weight, subject, teachers=[owner], moderators=[owner]))


def _first_free(pattern, taken):
    return next(name for number in itertools.count(2) if (name := pattern.format(number)) not in taken)
