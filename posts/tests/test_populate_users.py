"""The users that populate creates, and what each of them has read."""

import re

import pytest
from django.db.models import Max

from accounts.models import User
from accounts.text import clean_line, clean_text
from accounts.validators import fold_username
from posts import access
from posts.models import Membership, Notification, Post
from posts.tests.demo import populate

pytestmark = pytest.mark.django_db


def test_users_pass_the_validation_of_the_registration_form():
    populate(students=400, teachers=30, posts=0)

    users = list(User.objects.all())
    for user in users:
        user.clean_fields(exclude=["password"])
        assert clean_line(user.location) == user.location
        assert clean_text(user.description) == user.description
        assert user.email == f"{user.username.lower()}@school.example"
    assert len({fold_username(user.username) for user in users}) == 431
    assert sum(bool(user.location) for user in users) > 215
    assert sum(bool(user.description) for user in users) > 215


def test_names_are_in_many_scripts():
    populate(students=300, posts=0)

    names = "".join(User.objects.exclude(first_name="").values_list("first_name", flat=True))

    for script in ("[A-Z]", "[À-ž]", "[\u0621-\u064a]", "[\u4e00-\u9fff]", "[а-я]", "[\u0905-\u0939]", "[α-ω]"):
        assert re.search(script, names), script


def test_two_of_twenty_teachers_are_pending():
    populate(teachers=20, posts=0)

    assert User.objects.pending().count() == 2
    assert User.objects.pending().filter(username="mr.new").exists()


@pytest.mark.parametrize("username", ["sam", "ms.hale", "mr.new", "dr.head"])
def test_users_with_a_printed_sign_in_have_a_few_unread_posts_and_notifications(username):
    populate(students=30, posts=400)

    user = User.objects.get(username=username)

    visible = access.for_user(user)
    assert 1 <= Notification.objects.count_unread(visible) <= 15
    assert any(room.is_unread for room in access.rooms_to_list(visible))
    common = Membership.objects.get(user=user, room__is_common=True)
    assert 1 <= Post.objects.filter(room=common.room, pk__gt=common.last_read).count() <= 16


def test_authors_have_read_their_own_posts():
    populate()

    for membership in Membership.objects.filter(state=Membership.State.MEMBER).select_related("room"):
        own = membership.room.posts.filter(author=membership.user).aggregate(last=Max("pk"))["last"] or 0
        assert membership.last_read >= own
