"""What a demo school says over eight weeks."""

import heapq
import itertools
from bisect import bisect_left, bisect_right
from collections import deque
from datetime import UTC, datetime, timedelta

from posts.demo import threads
from posts.demo.sentences import Gaps, fill, forget
from posts.demo.timeline import WEEKS, Timeline
from posts.demo.vocabulary import SLOTS, TOPICS
from posts.markup import names_in, segments
from posts.models import Membership, Post
from posts.notification_kinds import PostFacts, recipients

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
            fitting = [shape for shape in threads.KINDS if kind in shape.places]
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
        gaps = Gaps(rng, place.topics or rng.choice([*TOPICS.values()]))
        if place.teachers:
            gaps["who_teacher"] = f"@{rng.choice(place.teachers).username}"
        asker = self._pick(shape.by, place)
        text = self._text(shape.texts, gaps, place, asker)
        if shape.greets:
            greeted = rng.choice(threads.OPENINGS) + text
            text = greeted if len(greeted) <= self.limit else text
        lines = [(self._post(place, asker, text), None)]
        for step in shape.steps:
            for _time in range(step.most):
                if rng.random() > step.chance:
                    continue
                forget(gaps)
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
            text = fill(rng, texts, gaps, self.limit)
            if text not in self._recent or len(text) < 12:
                break
            forget(gaps)
        if rng.random() < 0.07 and len(text) + 3 < self.limit and text[-1].isalnum():
            text = f"{text} {rng.choice(SLOTS['emoji'])}"
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
            texts = threads.CLOSINGS[{"administrator": "admin", "waiting teacher": "waiting"}.get(kind, kind)]
            parent, last = None, self._theirs.get(target.pk)
            if number >= len(self.cast.known) and last is not None:
                (place, parent), texts = last, threads.REPLIES_TO_THEM
            author = self._outsider(place, known)
            gaps = Gaps(rng, place.topics or rng.choice([*TOPICS.values()]))
            gaps |= {"target": f"@{target.username}", "who": f"@{target.username}"}
            opener = self._post(place, author, self._text(texts, gaps, place, author))
            yield place, opener, parent
            given += 1
            if given == count:
                return
            if rng.random() < 0.4:
                gaps["who"] = f"@{author.username}"
                other = self._outsider(place, {*known, author})
                yield place, self._post(place, other, self._text(threads.CLOSING_REPLIES, gaps, place, other)), opener
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
