"""How often each page asks the database: a fixed number, however much there is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import StudentFactory, TeacherFactory
from posts import rendering
from posts.actions import write_post
from posts.models import Membership, Room
from posts.tests.factories import MembershipFactory, NotificationFactory, PostFactory, RoomFactory


@pytest.fixture(params=[2, 32], ids=["few rows", "many rows"])
def school(request, room, student, classmate, teacher, admin):
    """The teacher's room with `request.param` of everything in it and around it."""
    for number in range(request.param):
        pupil = StudentFactory(first_name="Kim")
        MembershipFactory(room=room, user=pupil, state=[Membership.State.MEMBER, Membership.State.APPLIED][number % 2])
        TeacherFactory(approved_at=None)
        parent = PostFactory(room=room, author=[pupil, classmate][number % 2], mentions=["sam"])
        PostFactory(room=room, author=classmate, reply_to=parent)
        other = RoomFactory(owner=teacher)
        for person in (student, admin):
            MembershipFactory(room=other, user=person)
        PostFactory(room=other)
        for person in (student, teacher, admin):
            NotificationFactory(recipient=person, post=parent)
    room.posts.update(revision=1)
    Room.objects.filter(pk=room.pk).update(revision=1)
    rendering.forget()
    return room


# The numbers hold the session and the person, and the badge, which a conversation asks for with its room.
PAGES = [
    ("student", "/rooms/chemistry/", 5),
    ("teacher", "/rooms/chemistry/", 5),
    ("admin", "/rooms/chemistry/", 5),
    ("student", "/rooms/chemistry/?at={post}", 6),
    ("student", "/rooms/chemistry/?before={post}", 5),
    ("student", "/rooms/chemistry/?after=0", 5),
    ("student", "/rooms/chemistry/updates/?after=0", 5),
    ("student", "/rooms/common/", 5),
    ("student", "/rooms/", 4),
    ("student", "/home/student/", 8),
    ("teacher", "/home/teacher/", 8),
    ("admin", "/home/administrator/", 8),
    ("student", "/students/", 5),
    ("student", "/students/?q=kim", 5),
    ("teacher", "/teachers/", 5),
    ("admin", "/teachers/", 5),
    ("student", "/users/kim/", 7),
    ("admin", "/users/kim/", 6),
    ("student", "/users/kim/popover/", 4),
    ("student", "/notifications/", 5),
    ("student", "/notifications/unread/", 3),
]


@pytest.mark.parametrize(("person", "path", "most"), PAGES)
def test_page_asks_the_database_a_fixed_number_of_times(as_, request, school, person, path, most):
    person = request.getfixturevalue(person)
    client = as_(person)
    path = path.format(post=school.posts.order_by("pk")[2].pk)

    # Twice: rows that are rendered for the first time cost a query more than rows that are kept.
    for _time in range(2):
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(path)
        assert answer.status_code == 200
        assert len(asked) <= most, "\n".join(query["sql"] for query in asked)


@pytest.mark.parametrize("number", [1, 30])
def test_conversation_that_is_kept_asks_four_times(as_, django_assert_num_queries, student, room, number):
    PostFactory.create_batch(number, room=room)
    client = as_(student)
    client.get(room.get_absolute_url())

    with django_assert_num_queries(4):
        client.get(room.get_absolute_url())


@pytest.mark.parametrize("mentioned", [1, 9])
def test_writing_costs_the_same_however_many_are_told(student, room, mentioned):
    people = [MembershipFactory(room=room).user.username for _number in range(mentioned)]

    with CaptureQueriesContext(connection) as asked:
        write_post(student, room, " ".join(f"@{name}" for name in people))

    assert len(asked) <= 16, "\n".join(query["sql"] for query in asked)
