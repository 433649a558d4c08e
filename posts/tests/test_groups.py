"""Splitting a room into groups."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db.models import QuerySet
from django.utils import timezone

from accounts.audit import ADDITION, CHANGE
from accounts.models import User
from accounts.tests.factories import StudentFactory
from accounts.tests.helpers import Page
from posts.actions import archive_groups, create_groups
from posts.models import Membership, Notification, Room
from posts.refusals import CommonRoom, IsGroup, NotManager, RoomArchived
from posts.tests.factories import MembershipFactory, RoomFactory
from posts.tests.support import html_of, run_concurrently
from posts.tests.test_notifications_recipients import notified

PATH = "/rooms/chemistry/groups/"
RANDOM = {"number": "2", "method": "random"}
State = Membership.State


@pytest.fixture
def pupils(room, student, classmate):
    """The students of `room`."""
    return [student, classmate, *(MembershipFactory(room=room).user for _number in range(5))]


def log_actions(group):
    """Return (id of the actor, action) of the entries about a room in the audit log."""
    entries = LogEntry.objects.filter(content_type__model="room", object_id=group.pk)
    return list(entries.order_by("pk").values_list("user", "action_flag"))


def members(group):
    """Return {username: whether the user is a co-teacher} of the members of a room."""
    memberships = Membership.objects.filter(room=group, state=State.MEMBER)
    return dict(memberships.values_list("user__username", "is_co_teacher"))


@pytest.mark.parametrize("user", ["teacher", "co_teacher", "admin"])
def test_owner_splits_a_room_at_random(client_for, request, room, co_teacher, pupils, user):
    user = request.getfixturevalue(user)

    response = client_for(user).post(PATH, {"number": "3", "method": "random"})

    assert response["Location"] == PATH
    groups = list(room.groups.order_by("pk"))
    assert [group.name for group in groups] == ["Chemistry 9b · 1", "Chemistry 9b · 2", "Chemistry 9b · 3"]
    assert [group.slug for group in groups] == ["chemistry-9b-1", "chemistry-9b-2", "chemistry-9b-3"]
    assert {(group.owner, group.joining, group.is_archived) for group in groups} == {(room.owner, "closed", False)}
    assert sorted(len(members(group)) for group in groups) == [4, 4, 5]
    everyone = [name for group in groups for name, is_co_teacher in members(group).items()]
    assert sorted(everyone) == sorted([*(pupil.username for pupil in pupils), *["ms.hale", "mr.cole"] * 3])
    assert all(members(group).items() >= {"ms.hale": False, "mr.cole": True}.items() for group in groups)
    assert notified() == {pupil.username: "accepted" for pupil in pupils}
    assert [log_actions(group) for group in groups] == [[(user.pk, ADDITION)]] * 3


def test_owner_chooses_the_groups(client_for, room, teacher, pupils):
    client = client_for(teacher)
    response = client.post(PATH, {"number": "2", "method": "choose"})
    assert response["Location"] == f"{PATH}choose/?number=2"
    page = Page(client.get(response["Location"]))
    names = [page.text(legend).strip("\u2068\u2069") for legend in page.root.iter("legend")]
    assert names == ["Kim Lund", *(pupil.username for pupil in pupils[2:]), "Sam Okafor"]
    chosen = {f"student_{pupil.pk}": str(1 + index % 2) for index, pupil in enumerate(pupils[:4])}

    response = client.post(response["Location"], chosen)

    assert response["Location"] == PATH
    first, second = room.groups.order_by("pk")
    assert members(first).keys() == {"ms.hale", "sam", pupils[2].username}
    assert members(second).keys() == {"ms.hale", "kim", pupils[3].username}


def test_every_group_needs_a_student(client_for, room, teacher, pupils):
    response = client_for(teacher).post(f"{PATH}choose/?number=3", {f"student_{pupils[0].pk}": "2"})

    assert "Group 1 has no students. Choose at least one student for each group." in Page(response).text()
    assert f'name="student_{pupils[0].pk}" value="2"' in " ".join(html_of(response).split()).replace(" checked", "")
    assert not room.groups.exists()


@pytest.mark.parametrize("number", ["", "1", "13", "8", "x", "\0"])
def test_page_to_choose_needs_a_valid_number(client_for, teacher, pupils, number):
    for method in ("get", "post"):
        response = getattr(client_for(teacher), method)(f"{PATH}choose/?number={number}")

        assert response["Location"] == PATH


@pytest.mark.parametrize(
    ("number", "error"),
    [
        ("1", "Enter a number from 2 to 12."),
        ("13", "Enter a number from 2 to 12."),
        ("8", "This room has only 7 students."),
        ("x", "Enter a whole number."),
        ("", "Fill in this field."),
    ],
)
def test_wrong_number_is_an_error(client_for, room, teacher, pupils, number, error):
    response = client_for(teacher).post(PATH, RANDOM | {"number": number})

    assert Page(response).field_error("number") == error
    assert not room.groups.exists()


def test_only_active_students_are_in_groups(client_for, room, teacher, pupils, deactivated, pending_teacher):
    for user in (deactivated, pending_teacher):
        MembershipFactory(room=room, user=user)
    for state in (State.APPLIED, State.LEFT, State.REMOVED):
        MembershipFactory(room=room, state=state)

    client_for(teacher).post(PATH, {"number": "7", "method": "random"})

    assert sorted(len(members(group)) for group in room.groups.all()) == [2] * 7


def test_student_who_left_since_is_ignored(room, teacher, pupils, outsider):
    Membership.objects.filter(user=pupils[0]).update(state=State.LEFT)

    groups = create_groups(room, teacher, [[pupils[0].pk, pupils[1].pk], [pupils[1].pk, outsider.pk, pupils[2].pk]])

    assert [members(group).keys() - {"ms.hale"} for group in groups] == [{"kim"}, {pupils[2].username}]


def test_long_name_is_shortened(room, teacher, pupils):
    Room.objects.filter(pk=room.pk).update(name="x" * 60)

    groups = create_groups(room, teacher, [[pupil.pk] for pupil in pupils])

    assert groups[0].name == "x" * 56 + " · 1"


def test_page_lists_the_groups_and_archives_them_together(client_for, room, teacher, pupils):
    client = client_for(teacher)
    client.post(PATH, RANDOM)
    page = Page(client.get(PATH))
    assert page.links()[1:] == ["/rooms/chemistry-9b-1/", "/rooms/chemistry-9b-2/"]
    assert page.by_id("id_number") is None

    response = client.post(f"{PATH}archive/", follow=True)

    assert "2 groups archived." in html_of(response)
    assert Page(response).by_id("id_number") is not None
    assert not room.groups.open().exists()
    assert [log_actions(group)[-1] for group in room.groups.all()] == [(teacher.pk, CHANGE)] * 2
    room.refresh_from_db()
    assert not room.is_archived
    client.post(PATH, RANDOM)
    assert set(room.groups.open().values_list("slug", flat=True)) == {"chemistry-9b-1-2", "chemistry-9b-2-2"}


def test_groups_that_a_later_co_teacher_cannot_see_are_not_linked(client_for, room, teacher, co_teacher, admin, pupils):
    first, second = create_groups(room, teacher, [[pupils[0].pk], [pupils[1].pk]])
    Membership.objects.filter(room=second, user=co_teacher).delete()

    pages = [Page(client_for(user).get(PATH)) for user in (co_teacher, admin)]

    urls = [first.get_absolute_url(), second.get_absolute_url()]
    assert [page.links()[1:] for page in pages] == [[urls[0], None], urls]
    assert second.name in pages[0].text()


def test_later_co_teacher_archives_the_groups(room, teacher, co_teacher, pupils):
    create_groups(room, teacher, [[pupils[0].pk], [pupils[1].pk]])
    Membership.objects.filter(room__group_of=room, user=co_teacher).delete()

    assert archive_groups(room, co_teacher) == 2


def test_all_rooms_are_locked_before_the_user(room, teacher, pupils, monkeypatch):
    create_groups(room, teacher, [[pupils[0].pk], [pupils[1].pk]])
    locked, select_for_update = [], QuerySet.select_for_update

    def record_lock(queryset, **options):
        locked.append(queryset.model)
        return select_for_update(queryset, **options)

    monkeypatch.setattr(QuerySet, "select_for_update", record_lock)
    archive_groups(room, teacher)

    assert locked == [Room, Room, User]


def test_groups_and_the_common_room_cannot_be_split(client_for, room, teacher, admin, common_room, pupils):
    group = create_groups(room, teacher, [[pupils[0].pk], [pupils[1].pk]])[0]

    for user, target, refusal in ((teacher, group, IsGroup), (admin, common_room, CommonRoom)):
        response = client_for(user).get(f"/rooms/{target.slug}/groups/")
        assert response.status_code == 403
        assert str(refusal.message) in Page(response).text()
        with pytest.raises(refusal):
            create_groups(target, user, [[pupils[0].pk]])


def test_archived_room_cannot_be_split(client_for, room, teacher, pupils):
    Room.objects.filter(pk=room.pk).update(archived_at=timezone.now())

    with pytest.raises(RoomArchived):
        create_groups(room, teacher, [[pupils[0].pk]])
    assert Page(client_for(teacher).get(PATH)).by_id("id_number") is None
    assert client_for(teacher).post(PATH, RANDOM).status_code == 403
    assert not room.groups.exists()


def test_member_cannot_split_a_room(room, student, pupils):
    with pytest.raises(NotManager):
        create_groups(room, student, [[student.pk]])
    with pytest.raises(NotManager):
        archive_groups(room, student)


def test_more_than_a_hundred_students_are_only_split_at_random(client_for, room, teacher):
    users = StudentFactory.create_batch(101)
    Membership.objects.bulk_create(Membership(room=room, user=user) for user in users)
    client = client_for(teacher)

    response = client.post(PATH, {"number": "12", "method": "choose"})

    assert "You can only choose groups of up to 100 students." in Page(response).text()
    assert client.get(f"{PATH}choose/?number=12")["Location"] == PATH


def test_room_without_an_owner_is_split_by_its_co_teachers(room, teacher, co_teacher, pupils):
    Membership.objects.filter(room=room, user=teacher).delete()
    Room.objects.filter(pk=room.pk).update(owner=None)

    group = create_groups(room, co_teacher, [[pupils[0].pk]])[0]

    assert (group.owner, members(group)) == (None, {"mr.cole": True, "sam": False})


@pytest.mark.django_db(transaction=True)
def test_concurrent_submissions_create_one_set_of_groups(room, teacher, student, classmate):
    outcomes = run_concurrently(4, lambda _index: create_groups(room, teacher, [[student.pk], [classmate.pk]]))

    assert {tuple(sorted(group.pk for group in groups)) for groups in outcomes} == {
        tuple(room.groups.order_by("pk").values_list("pk", flat=True))
    }
    assert room.groups.count() == 2
    assert Notification.objects.filter(kind="accepted").count() == 2


@pytest.mark.parametrize("number", [12, 250])
def test_number_of_queries_does_not_depend_on_students(django_assert_max_num_queries, room, teacher, number):
    users = StudentFactory.create_batch(number)
    Membership.objects.bulk_create(Membership(room=room, user=user) for user in users)

    with django_assert_max_num_queries(90):
        create_groups(room, teacher, [[user.pk for user in users[start::12]] for start in range(12)])

    assert Membership.objects.filter(room__group_of=room, user__in=users).count() == number


def test_groups_of_other_rooms_are_not_listed(client_for, room, teacher, pupils):
    create_groups(RoomFactory(owner=teacher, name="Other"), teacher, [[]])

    assert "Other" not in Page(client_for(teacher).get(PATH)).text()
