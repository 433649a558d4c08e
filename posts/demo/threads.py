"""Drafts of threads."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from accounts.models import User
from posts.demo.rooms import DemoRoom
from posts.demo.sentences import Placeholders, fill
from posts.demo.texts import TOPICS, Line, Thread, threads_of
from posts.demo.users import DemoUsers
from posts.models import Post

STUDENTS, TEACHERS = "abcd", "tu"  # the authors in a thread


@dataclass(frozen=True, eq=False, slots=True)
class Draft:
    """A post without an id, time or mentions. `days` is the number of school days since the previous post."""

    room: DemoRoom
    post: Post
    parent: Post | None
    days: int = 0


class ThreadWriter:
    """Drafts threads, with texts of at most `limit` characters. A room repeats a thread after all the others."""

    def __init__(self, rng: Random, users: DemoUsers, rooms: list[DemoRoom], limit: int):
        self.rng, self.limit = rng, limit
        self._threads = {room: self._threads_from(room, number / len(rooms)) for number, room in enumerate(rooms)}
        for room in rooms:
            # Some students write more than others.
            room.student_authors = [user for user in room.students for _number in range(rng.choice((1, 1, 2, 3, 6)))]
            if users.sign_ins.get("student") in room.students:
                room.student_authors += [users.sign_ins["student"]] * 5

    def draft_next(self, room: DemoRoom) -> list[Draft]:
        """Return the drafts of the next thread of a room."""
        return self.draft_thread(room, next(self._threads[room]))

    def draft_thread(self, room: DemoRoom, thread: Thread, excluded: Iterable[User] = (), **values) -> list[Draft]:
        """Return the drafts of a thread whose authors are not among `excluded`. `values` are placeholders."""
        authors = self._choose_authors(room, excluded)
        placeholders = Placeholders(self.rng, room.topics or self.rng.choice([*TOPICS.values()]), **values)
        placeholders |= {key: f"@{user.username}" for key, user in authors.items()}
        drafts = []
        for line in thread:
            parent = None if line.parent is None else drafts[line.parent].post
            drafts.append(self._draft(room, line, authors[line.author], placeholders, parent))
        return drafts

    def draft_reply(self, room: DemoRoom, text: str, parent: Post, excluded: Iterable[User], **values) -> Draft:
        """Return the draft of a reply of a student to an older post."""
        author = self._choose_authors(room, excluded)["a"]
        return self._draft(room, Line("a", text), author, Placeholders(self.rng, room.topics, **values), parent)

    def _draft(self, room, line, author, values, parent):
        body = fill(line.text, values, self.limit)
        return Draft(room, Post(room=room.room, author=author, body=body), parent, line.days)

    def _threads_from(self, room, share):
        """Return an iterator that starts at a different thread in each room, because rooms share most threads."""
        threads = threads_of(room.kind, room.subject)
        return itertools.islice(itertools.cycle(threads), int(share * len(threads)), None)

    def _choose_authors(self, room, excluded):
        students = [user for user in room.student_authors if user not in excluded] or room.student_authors
        teachers = room.teachers or students
        return dict(zip(STUDENTS, self._choose_different(students or teachers, len(STUDENTS)), strict=True)) | dict(
            zip(TEACHERS, self._choose_different(teachers, len(TEACHERS)), strict=True)
        )

    def _choose_different(self, users, count):
        """Return `count` users. They are different if there are enough."""
        chosen = []
        for _attempt in range(4 * count):
            user = self.rng.choice(users)
            if user not in chosen:
                chosen.append(user)
            if len(chosen) == count:
                break
        return [*itertools.islice(itertools.cycle(chosen), count)]
