"""The pages for joining a room with a code or a link."""

import pytest

from accounts.tests.helpers import Page
from posts.actions import decline_request, join_room, remove_member
from posts.models import Membership, Notification, Room
from posts.tests.support import html_of

JOIN = "/rooms/join/"
LINK = "/rooms/join/ABCDEFGH/"
State = Membership.State


@pytest.fixture(autouse=True)
def code(room):
    """Give the room a description, and the code ABCDEFGH."""
    room.join_code, room.description = "ABCDEFGH", "Bring a calculator."
    room.save()


@pytest.fixture
def client(client_for, outsider):
    return client_for(outsider)


def set_joining(joining):
    Room.objects.filter(slug="chemistry").update(joining=joining)


def state_of(user):
    return Membership.objects.filter(user=user, room__slug="chemistry").values_list("state", flat=True).first()


def post(client, way):
    """Join with the form or with the link, and follow the redirect."""
    return client.post(JOIN, {"code": "abcd-efgh"}, follow=True) if way == "form" else client.post(LINK, follow=True)


@pytest.mark.parametrize("way", ["form", "link"])
def test_code_joins_the_room(client, outsider, way):
    set_joining("code")

    response = post(client, way)

    assert response.redirect_chain == [("/rooms/chemistry/", 302)]
    assert "You have joined Chemistry 9b." in html_of(response)
    assert state_of(outsider) == State.MEMBER


@pytest.mark.parametrize("way", ["form", "link"])
def test_code_asks_to_join_the_room(client, outsider, way):
    response = post(client, way)

    page = Page(response)
    assert response.redirect_chain == [("/rooms/", 302)]
    assert "You have asked to join Chemistry 9b. Waiting for Ada Hale." in page.text()
    assert state_of(outsider) == State.APPLIED
    assert client.get("/rooms/chemistry/").status_code == 404


@pytest.mark.parametrize("way", ["form", "link"])
def test_second_request_has_no_effect(client, way):
    for _attempt in range(2):
        assert "Waiting for Ada Hale." in html_of(post(client, way))

    assert Notification.objects.filter(kind="applied").count() == 1
    assert Room.objects.get(slug="chemistry").code_uses == 1


@pytest.mark.parametrize(("joining", "button"), [("code", "Join room"), ("request", "Ask to join")])
def test_link_shows_the_room_the_teacher_and_one_button(client, outsider, joining, button):
    set_joining(joining)

    page = Page(client.get(LINK))

    assert page.text(next(page.root.iter("h1"))) == "Chemistry 9b"
    assert "Teacher: Ada Hale" in page.text()
    assert "Bring a calculator." in page.text()
    assert [page.text(element) for element in page.by_id("main").iter("button")] == [button]
    assert state_of(outsider) is None


def test_removed_user_is_offered_to_ask(client_for, student, teacher):
    set_joining("code")
    remove_member(Membership.objects.get(user=student, room__slug="chemistry"), teacher)

    assert "Ask to join" in html_of(client_for(student).get(LINK))


def test_link_redirects_a_member_to_the_room(client_for, student):
    assert client_for(student).get(LINK)["Location"] == "/rooms/chemistry/"


def test_link_shows_the_request_of_a_user_who_asked(client, outsider):
    join_room(outsider, "ABCDEFGH")

    page = Page(client.get(LINK))

    assert "Waiting for Ada Hale" in page.text()
    assert [page.text(element) for element in page.by_id("main").iter("button")] == ["Cancel request"]


def test_room_without_an_owner_waits_for_a_teacher(client):
    Room.objects.filter(slug="chemistry").update(owner=None)

    page = Page(client.get(LINK))
    asked = Page(client.post(LINK, follow=True))

    assert "Teacher:" not in page.text()
    assert "You have asked to join Chemistry 9b. Waiting for a teacher." in asked.text()
    assert "Waiting for a teacher" in Page(client.get(LINK)).text()


@pytest.mark.parametrize("way", ["form", "link"])
def test_declined_user_reads_the_waiting_time(client, outsider, teacher, way):
    decline_request(join_room(outsider, "ABCDEFGH"), teacher)

    response = post(client, way)

    assert response.status_code == 429
    assert 86_000 < int(response["Retry-After"]) <= 86_400
    assert "You can ask again in 24 hours." in Page(response).error_summary()[0]
    assert client.get(LINK).status_code == 429
    assert state_of(outsider) == State.DECLINED


def test_form_has_a_field_for_capitals_without_suggestions(client):
    field = Page(client.get(JOIN)).by_id("id_code")

    assert (field.get("autocapitalize"), field.get("autocomplete"), field.get("spellcheck")) == (
        "characters",
        "off",
        "false",
    )


def test_names_are_escaped(client):
    Room.objects.filter(slug="chemistry").update(name="<b>Fish & chips", description="<script>1</script>")

    page = html_of(client.get(LINK))

    assert "&lt;b&gt;Fish &amp; chips" in page
    assert "<script>1" not in page + html_of(client.post(LINK, follow=True))
