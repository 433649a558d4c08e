"""The users of a demo school."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from accounts.models import Role, User
from posts.demo.names import Name, Usernames, draw_name
from posts.demo.sentences import Placeholders, fill
from posts.demo.texts import HOBBIES, TOPICS, lines
from posts.demo.timeline import WEEKS

DOMAIN = "school.example"

# Users with printed credentials.
SAM = Name("Sam", "Okafor", "Sam", "Okafor")
HALE = Name("Ada", "Hale", "Ada", "Hale")
NEW = Name("Jonas", "New", "Jonas", "New")
HEAD = Name("Ingrid", "Head", "Ingrid", "Head")

CLASS_LIST = range(5, 9)  # the numbers of the students from a class list


@dataclass(eq=False, slots=True)
class DemoUsers:
    """The users of a demo school. `sign_ins` maps a label for a role to the user whose credentials are printed."""

    administrator: User
    students: list[User] = field(default_factory=list)
    teachers: list[User] = field(default_factory=list)
    pending_teachers: list[User] = field(default_factory=list)
    sign_ins: dict[str, User] = field(default_factory=dict)
    class_list: list[User] = field(default_factory=list)  # students from a class list, who have never signed in

    @property
    def active_students(self) -> list[User]:
        """The students who have signed in."""
        return [user for user in self.students if user not in self.class_list]

    @property
    def all(self) -> list[User]:
        return [self.administrator, *self.teachers, *self.pending_teachers, *self.students]


def build_users(
    rng: Random, students: int, teachers: int, taken: Iterable[str], password: str, until: datetime
) -> DemoUsers:
    """Return unsaved users: an administrator and the given numbers of students and teachers.

    `taken` are usernames in use. `password` is the hash of the password of all users.
    """
    builder = _UserBuilder(rng, Usernames(taken), password, until)
    users = DemoUsers(builder.administrator())
    users.sign_ins["administrator"] = users.administrator
    subjects = [*TOPICS]
    rng.shuffle(subjects)
    pending = (teachers > 1) + (teachers > 9)
    for number in range(teachers - pending):
        users.teachers.append(builder.teacher(subjects[number % len(subjects)], is_first=number == 0))
    for number in range(pending):
        users.pending_teachers.append(builder.pending_teacher(is_first=number == 0))
    for number in range(students):
        users.students.append(builder.student(is_first=number == 0))
        if number in CLASS_LIST:
            users.students[-1].email = users.students[-1].last_login = None
            users.students[-1].must_change_password = True
            users.class_list.append(users.students[-1])
    groups = {
        "teacher": users.teachers,
        "teacher (awaiting approval)": users.pending_teachers,
        "student": users.students,
    }
    users.sign_ins |= {label: group[0] for label, group in groups.items() if group}
    return users


class _UserBuilder:
    """Builds users. The first user of each role is the same in every school."""

    def __init__(self, rng, usernames, password, until):
        self.rng, self.usernames, self.password, self.until = rng, usernames, password, until
        self.start = until - timedelta(weeks=WEEKS)

    def administrator(self):
        return self._build(
            Role.ADMIN, HEAD, self.usernames.claim("dr.head"), is_staff=True, is_superuser=True, last_login=None,
            location="The front office", description="I run this school, and this site. My door is open.",
        )  # fmt: skip

    def teacher(self, subject, *, is_first):
        if is_first:
            return self._build(
                Role.TEACHER, HALE, self.usernames.claim("ms.hale"), last_login=None, location="Upstairs, room 14",
                description=f"I teach {subject}. Questions are always welcome, twice if needed.",
            )  # fmt: skip
        name = draw_name(self.rng)
        username = self.usernames.for_teacher(self.rng, name)
        profile = self._profile(lines("teacher_locations"), lines("teacher_descriptions"), subject=subject)
        return self._build(Role.TEACHER, name, username, **profile)

    def pending_teacher(self, *, is_first):
        name = NEW if is_first else draw_name(self.rng)
        username = self.usernames.claim("mr.new") if is_first else self.usernames.for_teacher(self.rng, name)
        joined = self.until - timedelta(hours=self.rng.uniform(20, 60))
        return self._build(
            Role.TEACHER, name, username, approved_at=None, date_joined=joined, last_login=None,
            description="I'm starting here this term and looking forward to it.",
        )  # fmt: skip

    def student(self, *, is_first):
        if is_first:
            return self._build(
                Role.STUDENT, SAM, self.usernames.claim("sam"), last_login=None, location="Class 9B, Maple House",
                description="Chess, football, and asking one more question. 🙂",
            )  # fmt: skip
        name = draw_name(self.rng)
        username = self.usernames.for_student(self.rng, name)
        # Names are optional, so some students are displayed by their username.
        if self.rng.random() < 0.07:
            name = name._replace(first="", last="")
        profile = self._profile(lines("student_locations"), lines("student_descriptions"))
        return self._build(Role.STUDENT, name, username, **profile)

    def _build(self, role, name, username, **fields):
        joined = self.start - timedelta(days=10) - timedelta(seconds=self.rng.randrange(20 * 86400))
        approved = joined + timedelta(hours=self.rng.uniform(1, 30)) if role != Role.STUDENT else None
        last_login = self.until - timedelta(seconds=self.rng.randrange(10 * 86400))
        values = {"date_joined": joined, "approved_at": approved, "last_login": last_login} | fields
        return User(
            username=username, email=f"{username.lower()}@{DOMAIN}", role=role, password=self.password,
            first_name=name.first, last_name=name.last, **values,
        )  # fmt: skip

    def _profile(self, locations, descriptions, **values):
        return {
            "location": self._sentence(locations, 40) if self.rng.random() < 0.75 else "",
            "description": self._sentence(descriptions, 200, **values) if self.rng.random() < 0.7 else "",
        }

    def _sentence(self, texts, limit, **values):
        topics = self.rng.choice([*TOPICS.values()])
        placeholders = Placeholders(self.rng, topics, hobby=self.rng.choice(HOBBIES), **values)
        text = fill(self.rng.choice(texts), placeholders, limit)
        return text[0].upper() + text[1:]
