"""populate rejects sites that have users or are reachable from other machines, unless an option allows them."""

import pytest
from django.core.management import CommandError

from accounts.models import User
from accounts.tests.factories import StudentFactory
from posts.models import Post, Room
from posts.tests.demo import populate

pytestmark = pytest.mark.django_db


def test_site_with_users_is_not_changed():
    StudentFactory(username="kim")

    with pytest.raises(CommandError, match=r"users already \(1\).*--add"):
        populate()

    assert User.objects.count() == 1
    assert not Post.objects.exists()


def test_if_empty_does_nothing_on_a_site_with_users(settings):
    settings.ALLOWED_HOSTS = ["school.example"]
    StudentFactory(username="kim")

    output = populate(if_empty=True, with_published_password=False)

    assert output.count("\n") == 1
    assert User.objects.count() == 1


def test_if_empty_populates_an_empty_site():
    populate(if_empty=True)

    assert User.objects.filter(username="sam").exists()


def test_add_does_not_change_existing_users():
    existing = StudentFactory(username="Sam", email="ms.hale@school.example")
    password = existing.password

    output = populate(add=True)

    existing.refresh_from_db()
    assert existing.password == password
    assert "sam2" in output
    assert "ms.hale2" in output
    assert not Post.objects.filter(author=existing).exists()


def test_add_appends_a_second_school():
    populate()
    revision = Room.objects.get(is_common=True).revision
    newest = Post.objects.latest("pk").pk

    populate(add=True, seed=4)

    assert Post.objects.count() == 500
    assert Post.objects.filter(pk__gt=newest).count() == 250
    added = Post.objects.filter(room__is_common=True, pk__gt=newest)
    assert min(added.values_list("revision", flat=True)) > revision


@pytest.mark.parametrize("hosts", [["school.example"], ["localhost", "192.168.1.7"], ["*"], [".example.org"]])
def test_public_site_is_refused(settings, hosts):
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = hosts

    with pytest.raises(CommandError, match="--with-published-password"):
        populate(with_published_password=False)

    assert not User.objects.exists()


def test_option_allows_public_site(settings):
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["school.example"]

    populate(with_published_password=True)

    assert User.objects.exists()


@pytest.mark.parametrize("hosts", [["localhost", "127.0.0.1", "[::1]"], ["demo.localhost"], ["127.0.0.5"]])
def test_local_site_is_populated(settings, hosts):
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = hosts

    populate(with_published_password=False)

    assert User.objects.exists()
