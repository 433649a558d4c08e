"""Plans a demo school: its people, its rooms, and who says what to whom over eight weeks."""

import heapq
import itertools
from array import array
from bisect import bisect_left, bisect_right
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.text import slugify

from accounts.models import Role, User
from posts.demo import talk
from posts.demo.names import Name, Usernames, draw_name
from posts.markup import names_in, segments
from posts.models import Membership, Notification, Post, Room
from posts.notification_kinds import PostFacts, recipients

WEEKS = 8
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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
        drawn = talk.Gaps(rng, rng.choice([*talk.TOPICS.values()]), thing2="my {animal}", **gaps)
        drawn["thing2"] = rng.choice(("knots", "space", "old maps", "card tricks", "beetles", "bread", "trains"))
        return talk.fill(rng, texts, drawn, limit)

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
    subjects = [*talk.TOPICS]
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
    subjects, clubs = itertools.cycle(talk.TOPICS), itertools.cycle(talk.CLUBS)
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
        subject = next((subject for subject in talk.TOPICS if subject in teacher.description), None) or next(subjects)
        wanted = [f"{subject} {grade}{letter}" for grade in range(7, 12) for letter in "ABCD"]
        rng.shuffle(wanted)
        open_room(wanted, "class", talk.TOPICS[subject], teacher)
        if number % 2 == 0:
            club = next(clubs)
            open_room([club, f"{club}, seniors", f"{club}, juniors"], "club", talk.CLUBS[club], teacher)
    if len(places) > 5:
        places[-1].closes = True
    return places


def plan_memberships(rng, cast, places, until):
    """Return unsaved memberships of `places` (rooms saved, the common room not among them); fill in who talks there.

    Everybody's `last_read` is still to be set, when the posts have their ids.
    """
    start = until - timedelta(weeks=WEEKS)
    states, memberships = Membership.State, []
    members = {place: {} for place in places}
    known = set(cast.known.values())

    def since():
        return start - timedelta(seconds=rng.randrange(60, 5 * 86400))

    def add(place, user, state, when):
        silent = state == states.MEMBER and user not in known and rng.random() < 0.03
        notify = Membership.Notify.NOTHING if silent else Membership.Notify.MENTIONS
        members[place][user] = state
        memberships.append(Membership(user=user, room=place.room, state=state, notify=notify, created_at=when))
        if silent:
            place.muted.add(user.pk)

    for place in places:
        add(place, place.room.owner, states.MEMBER, place.room.created_at)
    hales = [place for place in places if place.room.owner is cast.known.get("teacher")]
    for student in cast.students:
        chosen = rng.sample(places, min(len(places), rng.randint(3, 5)))
        if student is cast.known["student"]:
            chosen = list(dict.fromkeys([*hales, *chosen]))
        for place in chosen:
            add(place, student, states.MEMBER, since())
    for place in places:
        left_out = [student for student in cast.students if student not in members[place]]
        few = max(0, min(3, len(cast.students)) - (len(members[place]) - 1))
        for student in rng.sample(left_out, min(few, len(left_out))):
            add(place, student, states.MEMBER, since())
        outside = [student for student in left_out if student not in members[place] and student not in known]
        rng.shuffle(outside)
        for _number in range(2 if place in hales else rng.random() < 0.3):
            if outside:
                # Within the last two minutes: notifications of it come after those of all posts.
                add(place, outside.pop(), states.APPLIED, until - timedelta(seconds=rng.randrange(100)))
        if outside and rng.random() < 0.1:
            add(place, outside.pop(), states.DECLINED, start + timedelta(days=rng.randrange(40)))
        if outside and rng.random() < 0.1:
            add(place, outside.pop(), states.REMOVED, start + timedelta(days=rng.randrange(40)))
    for place in places:
        place.students = [
            user for user, state in members[place].items() if state == states.MEMBER and user.role == Role.STUDENT
        ]
        place.readers = {
            user.username.lower(): user.pk for user, state in members[place].items() if state == states.MEMBER
        }
        place.weight *= 4 + len(place.students) ** 0.5
    return memberships


def _numbered(pattern, taken):
    return next(name for number in itertools.count(2) if (name := pattern.format(number)) not in taken)


class Timeline:
    """When a school talks: weekdays and daytime mostly, some evenings, hardly a night."""

    def __init__(self, start, end):
        self._starts, self._sums, total = [], [0.0], 0.0
        hour = start.replace(minute=0, second=0, microsecond=0)
        while hour < end:
            begins, ends = max(hour, start), min(hour + timedelta(hours=1), end)
            share = (ends - begins).total_seconds() / 3600
            total += self._weight(timezone.localtime(hour)) * share
            self._starts.append((begins.timestamp(), (ends - begins).total_seconds()))
            self._sums.append(total)
            hour += timedelta(hours=1)

    def at(self, share):
        """Return the instant, in seconds, before which that share (0 to 1) of all posts is written; rises with it."""
        wanted = share * self._sums[-1]
        index = min(max(bisect_right(self._sums, wanted) - 1, 0), len(self._starts) - 1)
        begins, seconds = self._starts[index]
        width = self._sums[index + 1] - self._sums[index]
        return begins + seconds * min(1.0, (wanted - self._sums[index]) / width)

    @staticmethod
    def _weight(when):
        if when.weekday() >= 5:
            return 0.8 if 10 <= when.hour < 20 else 0.002
        if 8 <= when.hour < 16:
            return 10
        return {7: 3, 16: 5, 17: 4, 18: 3, 19: 2.5, 20: 1.5, 21: 0.5}.get(when.hour, 0.002)


class Conversations:
    """All that is said: iterate over it for (post, {recipient id: kind}), in the order of ids and of time.

    The posts carry their ids, from `first_id` on, so that replies find theirs whatever the database returns.
    """

    EDITED, REMOVED = 0.02, 0.006  # shares of all posts

    def __init__(self, rng, cast, places, count, first_id, until, limit):
        self.rng, self.cast, self.places = rng, cast, places
        self.count, self.first_id, self.until, self.limit = count, first_id, until, limit
        self._recent, self._recent_order = set(), deque()
        self._tick = itertools.count()
        self._last_micro = 0
        self._next_id = first_id
        self._theirs = {}  # somebody whom a sign-in names → the last post of theirs that stands, and its place
        self._known = {user.pk for user in cast.known.values()}
        self._kinds = {}
        for kind in ("common", "class", "club"):
            fitting = [shape for shape in talk.KINDS if kind in shape.places]
            self._kinds[kind] = fitting, [*itertools.accumulate(shape.weight for shape in fitting)]
        for place in places:
            # Some say more than others.
            place.chatty = [user for user in place.students for _time in range(rng.choice((1, 1, 2, 3, 6)))]
            sam = cast.known.get("student")
            if sam in place.students:
                place.chatty += [sam] * 5

    def __iter__(self):
        closing = 12 if self.count >= 40 else 0
        ordinary = self.count - closing
        end = self.until - timedelta(minutes=31)
        timeline = Timeline(self.until - timedelta(weeks=WEEKS), end - timedelta(minutes=20))
        latest = end.timestamp()
        waiting, started = [], 0
        while started < ordinary:
            place = self._choose_place(started / ordinary)
            lines = self._thread(place)[: ordinary - started]
            at = timeline.at((started + self.rng.random() * len(lines)) / ordinary)
            while waiting and waiting[0][0] <= at:
                yield self._settle(*heapq.heappop(waiting))
            for post, parent in lines:
                heapq.heappush(waiting, (min(at, latest), next(self._tick), place, post, parent))
                # Most answer within minutes, somebody always on the next day.
                at += self.rng.uniform(22, 25) * 3600 if self.rng.random() < 0.04 else self._pause()
            started += len(lines)
        while waiting:
            yield self._settle(*heapq.heappop(waiting))
        if closing:
            at = self.until.timestamp() - 28 * 60
            for place, post, parent in self._closing(closing):
                yield self._settle(at, 0, place, post, parent, untouched=True)
                at += 25 * 60 / closing

    @property
    def last_id(self):
        """The id of the last post so far."""
        return self._next_id - 1

    def reading_of(self, memberships, reads_to):
        """Set `last_read` of each of `memberships`, given {user id: the id up to which they read everything}."""
        by_room = {place.room.pk: place for place in self.places}
        for membership in memberships:
            place = by_room[membership.room_id]
            if membership.state != Membership.State.MEMBER:
                continue
            index = bisect_right(place.posts, reads_to.get(membership.user_id, self.last_id))
            seen = place.posts[index - 1] if index else 0
            membership.last_read = max(seen, place.own_last.get(membership.user_id, 0))

    def _choose_place(self, share):
        open_places = [place for place in self.places if not (place.closes and share > 0.6)]
        return self.rng.choices(open_places, [place.weight for place in open_places])[0]

    def _pause(self):
        return min(5 + self.rng.expovariate(1 / 110), 1500)

    def _thread(self, place):
        """Return a thread as pairs of an unsaved post and the one that it replies to."""
        rng = self.rng
        shapes, sums = self._kinds[place.kind]
        for _try in range(4):
            shape = shapes[bisect_left(sums, rng.random() * sums[-1])]
            if len(shape.texts) > 1 or shape.texts[0] not in self._recent:
                break
        gaps = talk.Gaps(rng, place.topics or rng.choice([*talk.TOPICS.values()]))
        if place.teachers:
            gaps["who_teacher"] = f"@{rng.choice(place.teachers).username}"
        asker = self._pick(shape.by, place)
        text = self._text(shape.texts, gaps, place, asker)
        if shape.greets:
            greeted = rng.choice(talk.OPENINGS) + text
            text = greeted if len(greeted) <= self.limit else text
        lines = [(self._post(place, asker, text), None)]
        for step in shape.steps:
            for _time in range(step.most):
                if rng.random() > step.chance:
                    continue
                talk.forget(gaps)
                before = lines[-1][0]
                author = asker if step.by == "asker" else self._pick(step.by, place, asker, before.author)
                target = lines[0][0] if step.to == "first" else before
                if target.author is author:
                    target = next((post for post, _ in reversed(lines) if post.author is not author), target)
                gaps["who"] = f"@{target.author.username}"
                post = self._post(place, author, self._text(step.texts, gaps, place, author))
                lines.append((post, target if rng.random() < step.reply else None))
        return lines

    def _text(self, texts, gaps, place, author):
        rng = self.rng
        for _try in range(5):
            # Whoever is named by the way is somebody else.
            gaps["someone_name"] = self._pick("student", place, author).username
            text = talk.fill(rng, texts, gaps, self.limit)
            if text not in self._recent or len(text) < 12:
                break
            talk.forget(gaps)
        if rng.random() < 0.07 and len(text) + 3 < self.limit and text[-1].isalnum():
            text = f"{text} {rng.choice(talk.SLOTS['emoji'])}"
        self._recent.add(text)
        self._recent_order.append(text)
        if len(self._recent_order) > 5000:
            self._recent.discard(self._recent_order.popleft())
        return text

    def _pick(self, who, place, *avoided):
        pool = place.chatty
        if place.teachers and (who == "teacher" or (who == "any" and self.rng.random() < 0.2) or not pool):
            pool = place.teachers
        for _try in range(6):
            person = self.rng.choice(pool)
            if person not in avoided:
                break
        return person

    @staticmethod
    def _post(place, author, body):
        return Post(room=place.room, author=author, body=body)

    def _closing(self, count):
        """Yield what is said last: something to each whom a sign-in names, so that all of them have news."""
        rng = self.rng
        known = set(self.cast.known.values())
        common = [place for place in self.places if place.kind == "common"]
        given = 0
        for number in itertools.count():
            kind, target = [*self.cast.known.items()][number % len(self.cast.known)]
            theirs = [place for place in self.places if target.pk in place.readers.values() and not place.closes]
            of_school = kind not in ("student", "teacher") or number % 3 == 0
            place = rng.choice((of_school and common) or theirs or self.places)
            texts = talk.CLOSINGS[{"administrator": "admin", "waiting teacher": "waiting"}.get(kind, kind)]
            parent, last = None, self._theirs.get(target.pk)
            if number >= len(self.cast.known) and last is not None:
                (place, parent), texts = last, talk.REPLIES_TO_THEM
            author = self._outsider(place, known)
            gaps = talk.Gaps(rng, place.topics or rng.choice([*talk.TOPICS.values()]))
            gaps |= {"target": f"@{target.username}", "who": f"@{target.username}"}
            opener = self._post(place, author, self._text(texts, gaps, place, author))
            yield place, opener, parent
            given += 1
            if given == count:
                return
            if rng.random() < 0.4:
                gaps["who"] = f"@{author.username}"
                other = self._outsider(place, {*known, author})
                yield place, self._post(place, other, self._text(talk.CLOSING_REPLIES, gaps, place, other)), opener
                given += 1
            if given == count:
                return

    def _outsider(self, place, avoided):
        pool = [user for user in place.students if user not in avoided] or place.students or place.teachers
        return self.rng.choice(pool)

    def _settle(self, at, _tick, place, post, parent, untouched=False):
        """Give a post its id, time, revision and mentions; return it with those who hear of it."""
        micro = self._last_micro = max(int(at * 1_000_000), self._last_micro + 1)
        post.created_at = EPOCH + timedelta(microseconds=micro)
        post.pk = self._next_id
        self._next_id += 1
        place.room.revision += 1
        if parent is not None and (parent.removed_at is None or parent.removed_at > post.created_at):
            post.reply_to = parent
        else:
            parent = None
        mentioned = {}
        if "@" in post.body and (names := names_in(post.body)):
            people = {name: place.readers[name] for name in names if name in place.readers}
            linked = {segment.username.lower() for segment in segments(post.body, people)} if people else set()
            mentioned = {name: person for name, person in people.items() if name in linked}
        post.mentions = sorted(mentioned)
        if not untouched:
            self._touch(place, post)
        post.revision = place.room.revision
        if post.removed_at is None:
            place.room.newest_post = post.pk
        place.posts.append(post.pk)
        place.own_last[post.author_id] = post.pk
        place.last_at = post.created_at
        # An answer is what somebody may still be thanked for.
        if post.author_id in self._known and parent is not None and post.removed_at is None:
            self._theirs[post.author_id] = place, post
        return post, self._told(place, post, parent, mentioned)

    def _touch(self, place, post):
        """Edit some posts and remove a few; each takes the room's next revision, as it does on the site."""
        luck = self.rng.random()
        if luck < self.EDITED:
            post.edited_at = min(post.created_at + timedelta(seconds=self.rng.uniform(15, 400)), self.until)
        elif luck < self.EDITED + self.REMOVED:
            post.removed_at = min(post.created_at + timedelta(seconds=self.rng.uniform(60, 4000)), self.until)
            by_author = self.rng.random() < 0.4
            post.removed_by = post.author if by_author else self.rng.choice(place.moderators)
        else:
            return
        place.room.revision += 1

    @staticmethod
    def _told(place, post, parent, mentioned):
        # Whoever heard of a removed post hears of it no more.
        if post.removed_at is not None or (parent is None and not mentioned):
            return {}
        named = frozenset(mentioned.values())
        replied_to = parent.author_id if parent is not None else None
        concerned = named | {replied_to} if replied_to else named
        facts = PostFacts(
            author=post.author_id,
            mentioned=named,
            replied_to=replied_to,
            # Who talks in a room can read it, and so can whoever is named there.
            readers=concerned,
            muted=concerned & place.muted,
        )
        return recipients(facts)


def plan_reading(rng, cast, first_id, count):
    """Return {user id: the id up to which they read all}: most are up to date, a few have been away.

    Those whom the sign-ins name come back to a handful of news.
    """
    last = first_id + count - 1
    known = set(cast.known.values())
    reads_to = {}
    for user in cast.everybody:
        luck = rng.random()
        behind = 0 if luck < 0.6 else rng.randint(1, max(1, count // (40 if luck < 0.9 else 3)))
        if user in known:
            behind = 16 if count >= 40 else count // 10
        reads_to[user.pk] = last - behind
    return reads_to


def notifications_of(post, told, reads_to, rng, until):
    """Yield the unsaved notifications of one post, read by those who have read so far."""
    # In the order of ids: a set's own order is not the same in every run.
    for person, kind in sorted(told.items()):
        is_read = post.pk <= reads_to.get(person, 0)
        seen = min(post.created_at + timedelta(seconds=rng.uniform(30, 6 * 3600)), until)
        yield Notification(
            recipient_id=person, actor_id=post.author_id, kind=kind, post=post, room_id=post.room_id,
            created_at=post.created_at, read_at=seen if is_read else None,
        )  # fmt: skip
