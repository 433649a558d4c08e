"""Creating rooms."""

import pytest

from accounts.tests.factories import TeacherFactory
from accounts.tests.helpers import Page, error_codes
from config.tests.bad_input import MALFORMED, assert_no_server_error, malformed_values, post_form
from posts import access
from posts.models import RESERVED_SLUGS, Membership, Room
from posts.refusals import CannotCreateRoom
from posts.tests.factories import RoomFactory
from posts.tests.support import run_concurrently

NEW = "/rooms/new/"


def create(client, **fields):
    """Create a room and return it."""
    response = client.post(NEW, fields)
    assert response.status_code == 302, response.context["form"].errors
    slug = response["Location"].split("/")[2]
    assert response["Location"] == f"/rooms/{slug}/code/"
    return Room.objects.get(slug=slug)


def test_only_the_name_is_required(client_for, teacher):
    client = client_for(teacher)

    room = create(client, name=" Biology  10A ")

    assert (room.name, room.slug, room.description, room.joining) == ("Biology 10A", "biology-10a", "", "request")
    assert (room.owner, access.for_user(teacher).can_manage(room.pk)) == (teacher, True)
    assert client.get(f"/rooms/{room.slug}/code/").status_code == 200


def test_options_are_saved(client_for, teacher):
    room = create(client_for(teacher), name="Chess", description="On Fridays\nat 3", joining="code")

    assert (room.description, room.joining) == ("On Fridays\nat 3", "code")


def test_administrator_owns_their_new_room(client_for, admin):
    room = create(client_for(admin), name="Staff")

    assert room.owner == admin
    assert Membership.objects.filter(user=admin, room=room).exists()


@pytest.mark.parametrize("user", ["student", "pending_teacher"])
def test_refusal_explains_who_can_create_rooms(client_for, request, user):
    client = client_for(request.getfixturevalue(user))

    for response in (client.get(NEW), client.post(NEW, {"name": "Mine"})):
        assert response.status_code == 403
        assert str(CannotCreateRoom.message) in Page(response).text()
    assert not Room.objects.filter(name="Mine").exists()


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Biology 10A", "biology-10a"),
        ("Ökologie & Ärzte", "okologie-arzte"),
        ("New", "new-2"),
        ("JOIN", "join-2"),
        ("Common", "common-2"),
        ("x" * 60, "x" * 48),
        ("y" * 47 + " 10A", "y" * 47),
        ("<script>alert(1)</script>", "scriptalert1script"),
    ],
)
def test_address_is_made_from_the_name(client_for, teacher, common_room, name, slug):
    assert create(client_for(teacher), name=name).slug == slug


@pytest.mark.parametrize("name", ["Биология 10", "生物", "7", "7 – 8", "!!", "🧪", "أحياء"])
def test_name_without_latin_letters_gets_a_random_address(client_for, teacher, name):
    first, second = (create(client_for(teacher), name=name) for _number in range(2))

    assert first.name == second.name == name
    for room in (first, second):
        assert room.slug.startswith("room-")
        assert len(room.slug) == 11
    assert first.slug != second.slug


def test_rooms_with_the_same_name_get_different_addresses(client_for, teacher):
    RoomFactory(slug="biology-3")

    slugs = [create(client_for(teacher), name="Biology").slug for _number in range(4)]

    assert slugs == ["biology", "biology-2", "biology-4", "biology-5"]


@pytest.mark.django_db
def test_longest_addresses_fit():
    for number in range(1, 4):
        RoomFactory(slug="z" * 48 + ("" if number == 1 else f"-{number}"))

    slug = Room.objects.free_slug("z" * 60)

    assert slug == "z" * 48 + "-4"
    assert len(f"{slug[:-1]}9999-abcdef") == Room._meta.get_field("slug").max_length


@pytest.mark.django_db
@pytest.mark.parametrize("slug", sorted(RESERVED_SLUGS))
def test_reserved_addresses_are_never_given(slug):
    assert Room.objects.free_slug(slug) not in RESERVED_SLUGS


@pytest.mark.django_db(transaction=True)
def test_rooms_created_at_the_same_time_get_different_addresses(client_for):
    teachers = TeacherFactory.create_batch(8)
    clients = [client_for(teacher) for teacher in teachers]

    responses = run_concurrently(8, lambda index: clients[index].post(NEW, {"name": "Biology"}))

    assert [response.status_code for response in responses] == [302] * 8
    slugs = set(Room.objects.filter(name="Biology").values_list("slug", flat=True))
    assert len(slugs) == 8
    assert {response["Location"] for response in responses} == {f"/rooms/{slug}/code/" for slug in slugs}
    assert Membership.objects.filter(room__name="Biology").count() == 8


def test_errors_preserve_the_input_and_open_the_options(client_for, teacher):
    client = client_for(teacher)

    response = client.post(NEW, {"name": "", "description": "d" * 201, "joining": "code"})

    assert error_codes(response) == {"name": ["required"], "description": ["max_length"]}
    page = Page(response)
    assert (page.value("description"), page.field_error("name")) == ("d" * 201, "Fill in this field.")
    assert page.by_class("more")[0].get("open") is not None
    assert Page(client.get(NEW)).by_class("more")[0].get("open") is None


@pytest.mark.parametrize("field", ["name", "description", "joining"])
def test_form_handles_any_text(client_for, teacher, field):
    client = client_for(teacher)

    for value in malformed_values():
        assert_no_server_error(post_form(client, NEW, {"name": "Room", field: value}), 200, 302)
    assert_no_server_error(client.post(NEW, {"name": MALFORMED["long"], "slug": "x", "owner": 1}), 200)
