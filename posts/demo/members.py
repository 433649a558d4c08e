"""Who is in which room of a demo school."""

from datetime import timedelta

from accounts.models import Role
from posts.demo.timeline import WEEKS
from posts.models import Membership


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
