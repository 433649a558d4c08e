"""The rooms of a demo school."""

import itertools
from array import array
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.text import slugify

from posts.demo.timeline import WEEKS
from posts.demo.vocabulary import CLUBS, TOPICS
from posts.models import Room


@dataclass(eq=False, slots=True)
class Place:
    """A room with what the talk in it needs."""

    room: Room
    kind: str  # "common", "class", "club"
    topics: list
    weight: float
    students: list = field(default_factory=list)
    teachers: list = field(default_factory=list)
    moderators: list = field(default_factory=list)
    readers: dict = field(default_factory=dict)  # lower-case username → id: whom a post may name
    muted: set = field(default_factory=set)
    closes: bool = False  # it is archived before the end
    chatty: list = field(default_factory=list)
    posts: array = field(default_factory=lambda: array("q"))
    own_last: dict = field(default_factory=dict)
    last_at: datetime | None = None


def plan_rooms(rng, cast, taken_slugs, until):
    """Return unsaved rooms as Places: a class for every teacher, and a club for every other one."""
    start = until - timedelta(weeks=WEEKS)
    subjects, clubs = itertools.cycle(TOPICS), itertools.cycle(CLUBS)
    names, slugs, places = set(), set(taken_slugs), []

    def open_room(wanted, kind, topics, owner):
        name = next((name for name in wanted if name not in names), None) or _numbered(f"{wanted[0]} ({{}})", names)
        names.add(name)
        slug = slugify(name)
        slug = slug if slug not in slugs else _numbered(f"{slug}-{{}}", slugs)
        slugs.add(slug)
        opened = start - timedelta(days=6) - timedelta(seconds=rng.randrange(3 * 86400))
        # The join code stays a random one: it is a key, and a seed that everybody knows must not open a door.
        room = Room(name=name, slug=slug, owner=owner, created_at=opened)
        place = Place(room, kind, topics, weight=rng.uniform(0.6, 1.6), teachers=[owner], moderators=[owner])
        places.append(place)

    for number, teacher in enumerate(cast.teachers):
        subject = next((subject for subject in TOPICS if subject in teacher.description), None) or next(subjects)
        wanted = [f"{subject} {grade}{letter}" for grade in range(7, 12) for letter in "ABCD"]
        rng.shuffle(wanted)
        open_room(wanted, "class", TOPICS[subject], teacher)
        if number % 2 == 0:
            club = next(clubs)
            open_room([club, f"{club}, seniors", f"{club}, juniors"], "club", CLUBS[club], teacher)
    if len(places) > 5:
        places[-1].closes = True
    return places


def _numbered(pattern, taken):
    return next(name for number in itertools.count(2) if (name := pattern.format(number)) not in taken)
