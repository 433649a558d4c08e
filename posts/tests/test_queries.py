"""Number of queries of each page, which does not depend on the amount of data."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

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
        MembershipFactory(user=student, state=Membership.State.APPLIED)
        for user in (student, teacher, admin):
            NotificationFactory(recipient=user, post=parent)
    room.posts.update(revision=1)
    Room.objects.filter(pk=room.pk).update(revision=1)
    rendering.clear_cache()
    return room


# The numbers include the session, the user, their visible rooms and the unread count.
PAGES = [
    ("student", "/rooms/chemistry/", 10),
    ("teacher", "/rooms/chemistry/", 10),
    ("admin", "/rooms/chemistry/", 10),
    ("student", "/rooms/chemistry/?at={post}", 11),
    ("student", "/rooms/chemistry/?before={post}", 10),
    ("student", "/rooms/chemistry/?after=0", 10),
    ("student", "/rooms/chemistry/updates/?after=0", 5),
    ("student", "/rooms/chemistry/people/?q=k", 5),
    ("student", "/rooms/common/", 8),
    ("student", "/rooms/common/members/", 8),
    ("teacher", "/rooms/chemistry/members/", 10),
    ("teacher", "/rooms/chemistry/members/updates/", 9),
    ("student", "/rooms/", 7),
    ("teacher", "/rooms/archived/", 5),
    ("teacher", "/rooms/chemistry/groups/", 7),
    ("student", "/home/student/", 8),
    ("teacher", "/rooms/chemistry/code/", 6),
    ("teacher", "/rooms/chemistry/settings/", 5),
    ("teacher", "/home/teacher/", 9),
    ("admin", "/home/administrator/", 10),
    ("student", "/students/", 7),
    ("student", "/students/?q=kim", 7),
    ("student", "/students/?room=chemistry", 8),
    ("teacher", "/teachers/", 7),
    ("admin", "/teachers/", 7),
    ("student", "/users/kim/", 8),
    ("admin", "/users/kim/", 8),
    ("student", "/users/kim/popover/", 5),
    ("student", "/notifications/", 6),
    ("student", "/notifications/unread/", 4),
]


def test_each_page_runs_a_fixed_number_of_queries(client_for, request, full_room):
    post = full_room.posts.order_by("pk")[2].pk
    for user, page, expected in PAGES:
        client, path = client_for(request.getfixturevalue(user)), page.format(post=post)
        assert client.get(path).status_code == 200  # fills the cache of rendered posts

        with CaptureQueriesContext(connection) as queries:
            client.get(path)

        assert len(queries) == expected, "\n".join([user, path, *(query["sql"] for query in queries)])


@pytest.mark.parametrize("number", [1, 30])
def test_rendering_posts_costs_one_query_and_pictures_another(
    client_for, django_assert_num_queries, student, room, number
):
    PostFactory.create_batch(number, room=room)
    client = client_for(student)
    rendering.clear_cache()

    with django_assert_num_queries(11):
        client.get(room.get_absolute_url())


@pytest.mark.parametrize("number", [1, 30])
def test_removed_posts_cost_another_query(client_for, django_assert_num_queries, student, room, number):
    for post in PostFactory.create_batch(number, room=room, removed_at=timezone.now()):
        PostFactory(room=room, reply_to=post)
    client = client_for(student)
    client.get(room.get_absolute_url())

    with django_assert_num_queries(11):
        client.get(room.get_absolute_url())


@pytest.mark.parametrize("mentioned", [1, 9])
def test_number_of_queries_of_writing_does_not_depend_on_mentions(student, room, mentioned):
    usernames = [MembershipFactory(room=room).user.username for _number in range(mentioned)]

    with CaptureQueriesContext(connection) as queries:
        write_post(student, room, " ".join(f"@{name}" for name in usernames))

    assert len(queries) <= 16, "\n".join(query["sql"] for query in queries)
