"""Number of queries of each page, which does not depend on the amount of data."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import StudentFactory, TeacherFactory
from posts import rendering
from posts.actions import write_post
from posts.models import Membership, Room
from posts.tests.factories import MembershipFactory, NotificationFactory, PostFactory, RoomFactory


@pytest.fixture(params=[2, 32], ids=["few rows", "many rows"])
def full_room(request, room, student, classmate, teacher, admin):
    """The room of `teacher`, with `request.param` members, posts, rooms and notifications of each kind."""
    for number in range(request.param):
        member = StudentFactory(first_name="Kim")
        MembershipFactory(room=room, user=member, state=[Membership.State.MEMBER, Membership.State.APPLIED][number % 2])
        TeacherFactory(approved_at=None)
        parent = PostFactory(room=room, author=[member, classmate][number % 2], mentions=["sam"])
        PostFactory(room=room, author=classmate, reply_to=parent)
        other = RoomFactory(owner=teacher)
        for user in (student, admin):
            MembershipFactory(room=other, user=user)
        PostFactory(room=other)
        for user in (student, teacher, admin):
            NotificationFactory(recipient=user, post=parent)
    room.posts.update(revision=1)
    Room.objects.filter(pk=room.pk).update(revision=1)
    rendering.clear_cache()
    return room


# The numbers include the session, the user, their visible rooms and the unread count.
PAGES = [
    ("student", "/rooms/chemistry/", 6),
    ("teacher", "/rooms/chemistry/", 6),
    ("admin", "/rooms/chemistry/", 6),
    ("student", "/rooms/chemistry/?at={post}", 7),
    ("student", "/rooms/chemistry/?before={post}", 6),
    ("student", "/rooms/chemistry/?after=0", 6),
    ("student", "/rooms/chemistry/updates/?after=0", 5),
    ("student", "/rooms/common/", 6),
    ("student", "/rooms/", 5),
    ("student", "/home/student/", 6),
    ("teacher", "/home/teacher/", 7),
    ("admin", "/home/administrator/", 7),
    ("student", "/students/", 6),
    ("student", "/students/?q=kim", 6),
    ("teacher", "/teachers/", 6),
    ("admin", "/teachers/", 6),
    ("student", "/users/kim/", 8),
    ("admin", "/users/kim/", 8),
    ("student", "/users/kim/popover/", 5),
    ("student", "/notifications/", 6),
    ("student", "/notifications/unread/", 4),
]


@pytest.mark.parametrize(("user", "path", "expected"), PAGES)
def test_page_runs_a_fixed_number_of_queries(client_for, request, full_room, user, path, expected):
    client = client_for(request.getfixturevalue(user))
    path = path.format(post=full_room.posts.order_by("pk")[2].pk)
    assert client.get(path).status_code == 200  # fills the cache of rendered posts

    with CaptureQueriesContext(connection) as queries:
        client.get(path)

    assert len(queries) == expected, "\n".join(query["sql"] for query in queries)


@pytest.mark.parametrize("number", [1, 30])
def test_rendering_posts_costs_one_query(client_for, django_assert_num_queries, student, room, number):
    PostFactory.create_batch(number, room=room)
    client = client_for(student)
    rendering.clear_cache()

    with django_assert_num_queries(7):
        client.get(room.get_absolute_url())


@pytest.mark.parametrize("mentioned", [1, 9])
def test_number_of_queries_of_writing_does_not_depend_on_mentions(student, room, mentioned):
    usernames = [MembershipFactory(room=room).user.username for _number in range(mentioned)]

    with CaptureQueriesContext(connection) as queries:
        write_post(student, room, " ".join(f"@{name}" for name in usernames))

    assert len(queries) <= 16, "\n".join(query["sql"] for query in queries)
