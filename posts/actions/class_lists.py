"""Operations on class lists."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.db.models import Q
from django.urls import reverse

from accounts.actions import set_initial_password
from accounts.audit import ADDITION, entry
from accounts.models import Student, User
from accounts.passwords import new_password
from config.transactions import lock, operation
from posts.actions import locking
from posts.actions.members import add_to_common_room, create_memberships, make_members
from posts.class_lists import Row
from posts.models import Membership, Room
from posts.refusals import AccountsChanged, CannotResetPassword, CommonRoom, RoomArchived

State = Membership.State
REASON = "class list"
BATCH = 25  # pupils whose passwords one request hashes


@dataclass(frozen=True)
class Card:
    """The data of a printed card. Nothing else contains the password."""

    user: User
    password: str

    @property
    def sign_in_url(self) -> str:
        """The address of the sign-in page, with the username filled in."""
        return f"{settings.SITE_URL}{reverse('login')}?username={self.user.username}"


@dataclass(frozen=True)
class Batch:
    """The cards of some pupils, and the id after which the next ones follow, None if there are no more."""

    cards: list[Card]
    after: int | None


@operation
def import_class_list(room: Room, rows: Sequence[Row], actor: User) -> tuple[int, int]:
    """Create the accounts of new pupils in validated `rows`, without passwords, and add all pupils to `room`.

    Returns the numbers of new accounts and of existing students who were added. Raises IntegrityError if a username or
    an email address has been taken, AccountsChanged if an existing account is no longer an active student, RoomArchived
    and CommonRoom. Also raises as `locking.managed_room_to_write` does. Nothing is written then.
    """
    # New users become members of the common room. Rooms are locked first, by id.
    list(lock(Room.objects.filter(Q(pk=room.pk) | Q(is_common=True))))
    known = [row.user_id for row in rows if row.user_id]
    locked = locking.managed_room_to_write(actor, room.pk, others=known)
    if locked.room.is_common:
        raise CommonRoom
    if locked.room.is_archived:
        raise RoomArchived
    students = [user for user in locked.others.values() if user.is_active and user.is_student]
    if len(students) < len(set(known)):
        raise AccountsChanged
    users = _create_students([row for row in rows if row.is_new], actor)
    added = _add_students(locked.room, students, actor)
    new = [Membership(room=locked.room, user=user, created_account=True) for user in users]
    create_memberships(new, actor, REASON, notify=False)
    return len(new), added


def make_cards(room: Room, after: int, actor: User) -> Batch:
    """Give new passwords to the next pupils of a class list who have never signed in: the ones after the id `after`.

    Raises as `locking.managed_room_to_write` does.
    """
    pupils = Membership.objects.filter(room=room, user__gt=after).with_created_accounts().never_signed_in()
    pupils = list(pupils[: BATCH + 1])
    passwords = {pupil.user_id: new_password(pupil.user) for pupil in pupils[:BATCH]}
    # Before the transaction: hashes take half a second, and sign-ins would wait for the lock.
    hashes = {user: make_password(password) for user, password in passwords.items()}
    saved = _save_hashes(room, hashes, actor) if hashes else ()
    cards = [Card(pupil.user, passwords[pupil.user_id]) for pupil in pupils[:BATCH] if pupil.user_id in saved]
    return Batch(cards, after=pupils[BATCH - 1].user_id if len(pupils) > BATCH else None)


def reset_password(membership: Membership, actor: User) -> Card:
    """Give a new password to a pupil whose account a class list created, and end their sessions.

    Raises CannotResetPassword. Also raises as `locking.managed_room_to_write` does.
    """
    password = new_password(membership.user)
    _reset_password(membership, make_password(password), actor)
    return Card(membership.user, password)


@operation
def _save_hashes(room, hashes, actor):
    locked = locking.managed_room_to_write(actor, room.pk, others=hashes)
    pupils = Membership.objects.filter(room=room, user__in=hashes).with_created_accounts().never_signed_in()
    users = set(pupils.values_list("user", flat=True))
    for pk in users:
        set_initial_password(locked.others[pk], hashes[pk], actor, REASON)
    return users


@operation
def _reset_password(membership, password_hash, actor):
    locked = locking.managed_room_to_write(actor, membership.room_id, others=[membership.user_id])
    current = Membership.objects.select_related("user").get(pk=membership.pk)
    if not current.can_reset_password:
        raise CannotResetPassword
    set_initial_password(locked.others[current.user_id], password_hash, actor, REASON)


def _create_students(rows, actor):
    """Save new students without passwords and return them."""
    keys = [row.username.lower() for row in rows]
    Student.objects.bulk_create(
        Student(
            username=row.username,
            first_name=row.first_name,
            last_name=row.last_name,
            email=row.email or None,
            password=make_password(None),
        )
        for row in rows
    )
    # MySQL does not return the ids.
    users = list(User.objects.filter(username_key__in=keys).order_by("pk"))
    LogEntry.objects.bulk_create(entry(actor, user, ADDITION, reason=REASON) for user in users)
    add_to_common_room(users)
    return users


def _add_students(room: Room, students: Collection[User], actor: User) -> int:
    """Make existing students members of a locked room, notify them and return how many were not members."""
    current = list(Membership.objects.filter(room=room, user__in=students).select_related("user", "room"))
    changed = [membership for membership in current if membership.state != State.MEMBER]
    make_members(changed, actor, REASON)
    known = {membership.user_id for membership in current}
    new = [Membership(room=room, user=user) for user in students if user.pk not in known]
    create_memberships(new, actor, REASON)
    return len(changed) + len(new)
