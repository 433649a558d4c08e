"""Class lists that are imported while accounts and memberships change."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts import actions as account_actions
from accounts.models import User
from accounts.tests.factories import StudentFactory
from accounts.tests.helpers import registration_data
from posts import actions
from posts.class_lists import Outcome, Row
from posts.models import Membership, Room
from posts.refusals import AccountsChanged, RoomArchived
from posts.tests.factories import RoomFactory
from posts.tests.support import run_concurrently

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/rooms/chemistry/members/import/"
ROUNDS = 5


def find_errors(outcomes):
    return [outcome for outcome in outcomes if isinstance(outcome, Exception)]


@pytest.fixture
def submit(teacher, room):
    """Return a function that confirms a list of two new pupils and returns the response."""

    def run(names):
        client = Client(raise_request_exception=False)
        client.force_login(teacher)
        rows = "username\toutcome\n" + "".join(f"{name}\tnew\n" for name in names)
        return client.post(URL, {"rows": rows, "confirm": "yes"})

    return run


@pytest.mark.guarantee("class-lists")
def test_same_list_twice_at_once_creates_each_account_once(submit, room):
    for number in range(ROUNDS):
        names = [f"ida{number}", f"ben{number}"]

        responses = run_concurrently(2, lambda _index, names=names: submit(names))

        assert find_errors(responses) == []
        assert sorted(response.status_code for response in responses) == [200, 302]
        (rejected,) = [response for response in responses if response.status_code == 200]
        lines = rejected.context["form"].lines
        assert [str(line.errors[0]) for line in lines] == [
            "This username has been taken since you checked the list."
        ] * 2
        assert Membership.objects.filter(room=room, user__username__in=names, created_account=True).count() == 2


@pytest.mark.guarantee("class-lists")
def test_import_while_a_pupil_registers_the_same_name(submit, room):
    for number in range(ROUNDS):
        name, other = f"ida{number}", f"ben{number}"
        data = registration_data(username=name.upper(), email=f"{name}@school.example")
        tasks = [
            lambda name=name, other=other: submit([other, name]),
            lambda data=data: Client(raise_request_exception=False).post("/register/student/", data),
        ]

        imported, registered = run_concurrently(2, lambda index, tasks=tasks: tasks[index]())

        assert sorted([imported.status_code, registered.status_code]) == [200, 302]
        assert User.objects.filter(username_key=name).count() == 1
        # All or nothing.
        assert User.objects.filter(username=other).exists() == (imported.status_code == 302)


def test_import_into_two_rooms_while_users_post_and_sign_in(room, teacher, common_room, student):
    other_room = RoomFactory(owner=teacher)
    for number in range(ROUNDS):
        existing = StudentFactory.create_batch(3)
        rows = [Row(1, user.username, outcome=Outcome.ADDED, user_id=user.pk) for user in existing]
        tasks = [
            lambda rows=rows, number=number: actions.import_class_list(
                room, [*rows, Row(2, f"new{number}a", outcome=Outcome.NEW)], teacher
            ),
            lambda rows=rows, number=number: actions.import_class_list(
                other_room, [*rows[::-1], Row(2, f"new{number}b", outcome=Outcome.NEW)], teacher
            ),
            lambda existing=existing: [
                actions.write_post(student, common_room, f"@{user.username} hello") for user in existing
            ],
            lambda existing=existing: account_actions.close_account(existing[0], existing[0]),
        ]

        outcomes = run_concurrently(len(tasks), lambda index, tasks=tasks: tasks[index]())

        assert {type(error) for error in find_errors(outcomes)} <= {AccountsChanged}


def test_archived_room_and_lost_account_win(room, teacher, outsider):
    rows = [Row(1, "olu", outcome=Outcome.ADDED, user_id=outsider.pk), Row(2, "ida", outcome=Outcome.NEW)]
    User.objects.filter(pk=outsider.pk).update(is_active=False)
    with pytest.raises(AccountsChanged):
        actions.import_class_list(room, rows, teacher)
    Room.objects.filter(pk=room.pk).update(archived_at=timezone.now())
    with pytest.raises(RoomArchived):
        actions.import_class_list(room, rows[1:], teacher)

    assert not User.objects.filter(username="ida").exists()


def test_cards_of_two_owners_at_once_leave_one_valid_password(room, teacher, co_teacher):
    actions.import_class_list(room, [Row(1, "ida", outcome=Outcome.NEW)], teacher)

    batches = run_concurrently(2, lambda index: actions.make_cards(room, 0, [teacher, co_teacher][index]))

    assert find_errors(batches) == []
    ida = User.objects.get(username="ida")
    assert sorted(ida.check_password(batch.cards[0].password) for batch in batches) == [False, True]
