"""Drafts of threads that follow the templates."""

import itertools
from bisect import bisect_left
from collections import deque
from dataclasses import dataclass
from random import Random

from accounts.models import User
from posts.demo.rooms import DemoRoom
from posts.demo.sentences import Placeholders, fill
from posts.demo.texts import GREETINGS, PLACEHOLDERS, TEMPLATES, TOPICS
from posts.demo.users import DemoUsers
from posts.models import Post

RECENT_TEXTS = 5000  # texts that are not repeated


@dataclass(frozen=True, eq=False, slots=True)
class Draft:
    """A post without an id, time or mentions."""

    room: DemoRoom
    post: Post
    parent: Post | None


class ThreadWriter:
    """Drafts threads, with texts of at most `limit` characters that seldom repeat."""

    def __init__(self, rng: Random, users: DemoUsers, rooms: list[DemoRoom], limit: int):
        self.rng, self.limit = rng, limit
        self._recent_texts, self._recent_order = set(), deque()
        self._templates = {}  # {kind of room: (templates, their cumulative weights)}
        for kind in ("common", "class", "club"):
            templates = [template for template in TEMPLATES if kind in template.rooms]
            self._templates[kind] = templates, [*itertools.accumulate(template.weight for template in templates)]
        for room in rooms:
            self._choose_authors(room, users.sign_ins.get("student"))

    def draft_thread(self, room: DemoRoom) -> list[Draft]:
        """Return the drafts of a new thread."""
        template = self._choose_template(room)
        values = self.new_values(room)
        if room.teachers:
            values["who_teacher"] = f"@{self.rng.choice(room.teachers).username}"
        asker = self._choose_author(template.author, room)
        first = self.draft_post(room, asker, template.texts, values)
        if template.has_greeting:
            greeted = self.rng.choice(GREETINGS) + first.post.body
            if len(greeted) <= self.limit:
                first.post.body = greeted
        drafts = [first]
        for step in template.steps:
            for _number in range(step.max_count):
                if self.rng.random() <= step.chance:
                    drafts.append(self._draft_reply(room, step, drafts, values))
        return drafts

    def draft_post(self, room, author, texts, values, parent=None) -> Draft:
        """Return a draft with one of `texts`."""
        body = self._write_text(room, author, texts, values)
        return Draft(room, Post(room=room.room, author=author, body=body), parent)

    def new_values(self, room) -> Placeholders:
        """Return the placeholders of a new thread."""
        return Placeholders(self.rng, room.topics or self.rng.choice([*TOPICS.values()]))

    def _choose_authors(self, room, student_with_sign_in):
        # Some students write more than others.
        room.student_authors = [user for user in room.students for _number in range(self.rng.choice((1, 1, 2, 3, 6)))]
        if student_with_sign_in in room.students:
            room.student_authors += [student_with_sign_in] * 5

    def _choose_template(self, room):
        templates, weights = self._templates[room.kind]
        for _attempt in range(4):
            template = templates[bisect_left(weights, self.rng.random() * weights[-1])]
            if len(template.texts) > 1 or template.texts[0] not in self._recent_texts:
                break
        return template

    def _draft_reply(self, room, step, drafts, values):
        values.start_post()
        asker, previous = drafts[0].post.author, drafts[-1].post
        author = asker if step.author == "asker" else self._choose_author(step.author, room, asker, previous.author)
        target = drafts[0].post if step.to == "first" else previous
        if target.author is author:
            target = next((draft.post for draft in reversed(drafts) if draft.post.author is not author), target)
        values["who"] = f"@{target.author.username}"
        draft = self.draft_post(room, author, step.texts, values)
        is_reply = self.rng.random() < step.reply_chance
        return Draft(room, draft.post, target if is_reply else None)

    def _write_text(self, room, author, texts, values):
        for _attempt in range(5):
            values["someone_name"] = self._choose_author("student", room, author).username
            text = fill(self.rng, texts, values, self.limit)
            if text not in self._recent_texts or len(text) < 12:
                break
            values.start_post()
        if self.rng.random() < 0.07 and len(text) + 3 < self.limit and text[-1].isalnum():
            text = f"{text} {self.rng.choice(PLACEHOLDERS['emoji'])}"
        self._recent_texts.add(text)
        self._recent_order.append(text)
        if len(self._recent_order) > RECENT_TEXTS:
            self._recent_texts.discard(self._recent_order.popleft())
        return text

    def _choose_author(self, role, room, *excluded) -> User:
        users = room.student_authors
        if room.teachers and (role == "teacher" or (role == "any" and self.rng.random() < 0.2) or not users):
            users = room.teachers
        for _attempt in range(6):
            user = self.rng.choice(users)
            if user not in excluded:
                break
        return user
