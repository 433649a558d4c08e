"""The users that populate creates, and what each of them has read."""

import re
from pathlib import Path

import pytest
from django.db.models import Max
from django.http import HttpRequest
from PIL import Image

from accounts.models import User
from accounts.text import clean_line, clean_text
from accounts.validators import fold_username
from posts import unread
from posts.demo.texts import TEXTS
from posts.models import Membership, Post
from posts.tests.demo import populate

pytestmark = pytest.mark.django_db


def test_users_pass_the_validation_of_the_registration_form():
    populate(students=400, teachers=30, posts=0)

    users = list(User.objects.all())
    for user in users:
        user.clean_fields(exclude=["password"])
        assert clean_line(user.location) == user.location
        assert clean_text(user.description) == user.description
        assert user.email in (None, f"{user.username.lower()}@school.example")
    assert len({fold_username(user.username) for user in users}) == 431
    assert sum(bool(user.location) for user in users) > 215
    assert sum(bool(user.description) for user in users) > 215


def test_class_list_has_created_accounts_that_have_never_been_used():
    populate(students=30, posts=400)

    users = User.objects.filter(email=None)
    assert len(users) == 4
    assert set(users.values_list("last_login", "must_change_password", "role")) == {(None, True, "student")}
    assert not Post.objects.filter(author__in=users).exists()
    rooms = set(Membership.objects.filter(user__in=users, created_account=True).values_list("room__owner__username"))
    assert rooms == {("ms.hale",)}


def test_names_are_in_many_scripts():
    populate(students=300, posts=0)

    names = "".join(User.objects.exclude(first_name="").values_list("first_name", flat=True))

    for script in ("[A-Z]", "[À-ž]", "[\u0621-\u064a]", "[\u4e00-\u9fff]", "[а-я]", "[\u0905-\u0939]", "[α-ω]"):
        assert re.search(script, names), script


def test_titles_of_teachers_fit_their_first_names():
    populate(students=1, teachers=200, posts=0)

    names = [(user.username.partition(".")[0], user.first_name) for user in User.objects.filter(role="teacher")]
    for kind, titles in (("men", ("ms", "mrs")), ("women", ("mr",))):
        first_names = {name for language in TEXTS["names"] for name in language[kind].split()}
        assert [name for title, name in names if title in titles and name in first_names] == []


def test_some_users_have_drawn_portraits(settings):
    populate(students=40, teachers=6, posts=0)

    names = list(User.objects.exclude(avatar="").values_list("avatar", flat=True))
    sizes = [Path(settings.MEDIA_ROOT, name).stat().st_size for name in names]
    assert len(set(names)) == len(names) == 18
    assert max(sizes) < 6000
    with Image.open(settings.MEDIA_ROOT / names[0]) as picture:
        assert picture.size == (256, 256)


def test_two_of_twenty_teachers_are_pending():
    populate(teachers=20, posts=0)

    assert User.objects.pending().count() == 2
    assert User.objects.pending().filter(username="mr.new").exists()


@pytest.mark.parametrize("username", ["sam", "ms.hale", "mr.new", "dr.head"])
def test_users_with_a_printed_sign_in_have_a_few_unread_posts_and_notifications(username):
    populate(students=30, posts=400)

    user = User.objects.get(username=username)

    request = HttpRequest()
    request.user = user
    assert 1 <= len(unread.unread_notifications(request)) <= 15
    assert any(room.unread for room in unread.all_rooms(request).rooms)
    common = Membership.objects.get(user=user, room__is_common=True)
    assert 1 <= Post.objects.filter(room=common.room, pk__gt=common.last_read).count() <= 16


def test_authors_have_read_their_own_posts():
    populate()

    for membership in Membership.objects.filter(state=Membership.State.MEMBER).select_related("room"):
        own = membership.room.posts.filter(author=membership.user).aggregate(last=Max("pk"))["last"] or 0
        assert membership.last_read >= own
