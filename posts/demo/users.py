"""The people of a demo school."""

from dataclasses import dataclass, field
from datetime import timedelta

from accounts.models import Role, User
from posts.demo.names import Name, draw_name
from posts.demo.sentences import Gaps, fill
from posts.demo.timeline import WEEKS
from posts.demo.usernames import Usernames
from posts.demo.vocabulary import TOPICS

DOMAIN = "school.example"

# The people whom the sign-ins at the end name.
SAM = Name("Sam", "Okafor", "Sam", "Okafor")
HALE = Name("Ada", "Hale", "Ada", "Hale")
NEW = Name("Jonas", "New", "Jonas", "New")
HEAD = Name("Ingrid", "Head", "Ingrid", "Head")

_LOCATIONS = (
    "Class {grade}{letter}|House {house}|Year {grade}, {place}|Class {grade}{letter}, house {house}|Harbour Street|"
    "Northfield|Old Mill Lane|By the river|Eastgate|Two villages away|House {house}, upstairs|Lakeview"
).split("|")
_STAFF_PLACES = ("{place}", "{place}, {weekday}s {place2}", "Harbour Street", "Northfield", "Old Mill Lane")
_STUDENT_WORDS = (
    "I like {sport} and {food}. Ask me about {thing2}.|Reading {book} at the moment. Quiet until {time}.|"
    "{sport} on {weekday}s, homework on the bus.|New here since spring. I speak two languages and learn a third.|"
    "If I am not in {place}, I am in {place2}.|Class {grade}{letter}. Best at {topic}, worst at being early.|"
    "I draw {animal} in every margin.|Captain of nothing, fan of everything. {emoji}|"
    "Looking for people who play {sport}.|"
    "Me gustan los libros y {sport}.|Люблю шахматы, музыку и кошек.|我喜欢画画和打篮球。我也喜欢猫。|"
    "أحب القراءة وكرة القدم والرسم.|"
    "मुझे क्रिकेट और कहानियाँ पसंद हैं।|J'aime la musique, le vélo et les crêpes.|Ich spiele Klavier und mag Biologie.|"
    "House {house} through and through {emoji}|I collect bus tickets. Yes, really.|Violin, {sport}, and a very old cat."
).split("|")
_TEACHER_WORDS = (
    "I teach {subject}. Find me in {place}, {weekday}s at {time}.|{subject}, and {sport} when it does not rain.|"
    "{subject} since before you were born. Questions are always welcome.|{subject} and library duty. Currently reading "
    "{book}.|I teach {subject} in {place}. Tea, maps, long walks."
).split("|")


@dataclass(eq=False, slots=True)
class Cast:
    """Everybody of a run, as unsaved users: those who talk, those who wait, those whom the sign-ins name."""

    students: list
    teachers: list
    waiting: list
    admin: User
    known: dict = field(default_factory=dict)  # what they are → user

    @property
    def everybody(self):
        """All of them, the administrator first."""
        return [self.admin, *self.teachers, *self.waiting, *self.students]


def plan_people(rng, students, teachers, taken, password, until):
    """Return a Cast of so many students and teachers, and an administrator.

    `taken` are the names that are in use; `password` is a hash, and becomes everybody's.
    """
    usernames = Usernames(taken)
    start = until - timedelta(weeks=WEEKS)

    def person(role, name, username, **fields):
        joined = start - timedelta(days=10) - timedelta(seconds=rng.randrange(20 * 86400))
        approved = joined + timedelta(hours=rng.uniform(1, 30)) if role != Role.STUDENT else None
        values = {"date_joined": joined, "approved_at": approved} | fields
        return User(
            username=username, email=f"{username.lower()}@{DOMAIN}", role=role, password=password,
            first_name=name.first, last_name=name.last, **values,
        )  # fmt: skip

    def words(texts, limit, **gaps):
        drawn = Gaps(rng, rng.choice([*TOPICS.values()]), thing2="my {animal}", **gaps)
        drawn["thing2"] = rng.choice(("knots", "space", "old maps", "card tricks", "beetles", "bread", "trains"))
        return fill(rng, texts, drawn, limit)

    def about(places, texts, **gaps):
        return {
            "location": words(places, 40) if rng.random() < 0.75 else "",
            "description": words(texts, 200, **gaps) if rng.random() < 0.7 else "",
        }

    def unnamed(name):
        # First and last name are optional, so some people go by their username.
        return name._replace(first="", last="") if rng.random() < 0.07 else name

    head = person(
        Role.ADMIN, HEAD, usernames.claim("dr.head"), is_staff=True, is_superuser=True, location="The front office",
        description="I run this school, and this site. My door is open.",
    )  # fmt: skip
    cast = Cast([], [], [], head, {"administrator": head})
    subjects = [*TOPICS]
    rng.shuffle(subjects)
    waiting = (teachers > 1) + (teachers > 9)
    for number in range(teachers - waiting):
        subject = subjects[number % len(subjects)]
        if number == 0:
            hale = person(
                Role.TEACHER, HALE, usernames.claim("ms.hale"), location="Upstairs, room 14",
                description=f"I teach {subject}. Questions are always welcome, twice if needed.",
            )  # fmt: skip
            cast.known["teacher"] = hale
            cast.teachers.append(hale)
            continue
        name = draw_name(rng)
        username = usernames.for_teacher(rng, name)
        told = about(_STAFF_PLACES, _TEACHER_WORDS, subject=subject)
        cast.teachers.append(person(Role.TEACHER, name, username, **told))
    for number in range(waiting):
        name = draw_name(rng) if number else NEW
        username = usernames.for_teacher(rng, name) if number else usernames.claim("mr.new")
        lately = {"approved_at": None, "date_joined": until - timedelta(hours=rng.uniform(20, 60))}
        cast.waiting.append(
            person(Role.TEACHER, name, username, description="I start here this term and look forward to it.", **lately)
        )
    if waiting:
        cast.known["waiting teacher"] = cast.waiting[0]
    for number in range(students):
        if number == 0:
            sam = person(
                Role.STUDENT, SAM, usernames.claim("sam"), location="Class 9B, house Maple",
                description="Chess, football, and asking one more question. 🙂",
            )  # fmt: skip
            cast.known["student"] = sam
            cast.students.append(sam)
            continue
        name = draw_name(rng)
        username = usernames.for_student(rng, name)
        cast.students.append(person(Role.STUDENT, unnamed(name), username, **about(_LOCATIONS, _STUDENT_WORDS)))
    return cast
