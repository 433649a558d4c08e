"""The settings of a room."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.audit import fields_of
from accounts.tests.admin import entries
from accounts.tests.helpers import Page, error_codes
from config.tests.bad_input import MALFORMED, assert_no_server_error, malformed_values, post_form
from posts import actions
from posts.models import Room
from posts.refusals import CommonRoom
from posts.tests.support import parse_html

SETTINGS = "/rooms/chemistry/settings/"
VALID = {
    "name": "Chemistry 9b",
    "description": "",
    "post_max_length": "",
    "joining": "request",
    "code_expires_at": "",
    "code_max_uses": "",
}


@pytest.fixture
def save(client_for, teacher, room):
    """Return a function that submits the settings with changes. By default, the owner submits them."""
    return lambda user=teacher, path=SETTINGS, **changes: client_for(user).post(path, VALID | changes)


def fields_on(response):
    """Return the fields that a browser submits with the form of a page."""
    form = parse_html(response.content.decode()).find(".//main//form[@novalidate]")
    fields = {box.get("name"): "".join(box.itertext()).removeprefix("\n") for box in form.iter("textarea")}
    for box in form.iter("input"):
        if box.get("type") not in ("radio", "checkbox") or "checked" in box.attrib:
            fields[box.get("name")] = box.get("value", "on" if box.get("type") == "checkbox" else "")
    return fields


def test_only_changed_fields_are_saved_and_recorded(save, co_teacher, room):
    response = save(co_teacher, name="Chemistry 10b", joining="code", code_max_uses="30")

    assert (response.status_code, response["Location"]) == (302, SETTINGS)
    room.refresh_from_db()
    assert (room.name, room.joining, room.code_max_uses, room.slug) == ("Chemistry 10b", "code", 30, "chemistry")
    entry = entries(room).get()
    assert (entry.user, fields_of(entry)) == (co_teacher, ["name", "joining", "code_max_uses"])


def test_saving_unchanged_settings_records_nothing(save, room):
    assert save().status_code == 302
    assert not entries(room).exists()


def test_page_that_was_loaded_earlier_does_not_undo_changes_of_another_owner(client_for, teacher, co_teacher, room):
    clients = [client_for(user) for user in (teacher, co_teacher)]
    loaded = [fields_on(client.get(SETTINGS)) for client in clients]

    clients[0].post(SETTINGS, loaded[0] | {"joining": "closed", "description": "For all", "code_max_uses": "5"})
    clients[1].post(SETTINGS, loaded[1] | {"name": "Chemistry"})

    room.refresh_from_db()
    assert (room.name, room.joining, room.description, room.code_max_uses) == ("Chemistry", "closed", "For all", 5)
    assert [fields_of(entry) for entry in entries(room).order_by("-pk")] == [
        ["name"],
        ["description", "joining", "code_max_uses"],
    ]


def test_form_with_errors_remembers_what_was_loaded(client_for, teacher, room):
    client = client_for(teacher)
    rejected = client.post(SETTINGS, fields_on(client.get(SETTINGS)) | {"code_max_uses": "0"})
    actions.update_room(room, teacher, {"description": "For all"})

    client.post(SETTINGS, fields_on(rejected) | {"code_max_uses": "1"})

    room.refresh_from_db()
    assert (room.description, room.code_max_uses) == ("For all", 1)


def test_fields_can_be_emptied_and_missing_fields_do_not_change(client_for, teacher, room):
    values = {"description": "For all", "code_expires_at": timezone.now() + timedelta(days=1), "code_max_uses": 5}
    Room.objects.filter(pk=room.pk).update(**values)
    client = client_for(teacher)

    client.post(SETTINGS, {"name": "Chemistry"})
    room.refresh_from_db()
    assert {name: getattr(room, name) for name in values} == values

    client.post(SETTINGS, {"name": "Chemistry"} | dict.fromkeys(values, ""))
    room.refresh_from_db()
    assert [getattr(room, name) for name in values] == ["", None, None]


def test_expiry_uses_the_time_zone_of_the_school(save, client_for, teacher, room, settings):
    settings.TIME_ZONE = "Asia/Tbilisi"

    assert save(code_expires_at="2099-07-01T08:30").status_code == 302

    room.refresh_from_db()
    assert room.code_expires_at == datetime(2099, 7, 1, 4, 30, tzinfo=UTC)
    page = client_for(teacher).get(SETTINGS)
    assert fields_on(page)["code_expires_at"] == "2099-07-01T08:30"
    assert Page(page).by_id("id_code_expires_at").get("type") == "datetime-local"
    assert "1 Jul 2099, 08:30" in Page(client_for(teacher).get("/rooms/chemistry/code/")).text()


def test_code_that_has_expired_does_not_prevent_other_changes(client_for, teacher, room):
    expired = timezone.now().replace(second=0, microsecond=0) - timedelta(days=1)
    Room.objects.filter(pk=room.pk).update(code_expires_at=expired)
    client = client_for(teacher)

    response = client.post(SETTINGS, fields_on(client.get(SETTINGS)) | {"name": "Chemistry"})

    room.refresh_from_db()
    assert (response.status_code, room.name, room.code_expires_at) == (302, "Chemistry", expired)


@pytest.mark.parametrize(
    ("field", "value", "code", "message"),
    [
        ("name", " ", "required", "Fill in this field."),
        ("name", "x" * 61, "max_length", "Use at most 60 characters."),
        ("description", "x" * 201, "max_length", "Use at most 200 characters."),
        ("code_expires_at", "2020-01-01T10:00", "past", "Choose a time in the future."),
        ("code_expires_at", "tomorrow", "invalid", "Enter a date and a time."),
        ("code_expires_at", "9999-12-31T23:59", "invalid_year", "Use a date from 2000 to 2100."),
        ("code_expires_at", "2099-03-29T02:30", "ambiguous_timezone", "The clocks change at this time"),
        ("post_max_length", "0", "min_value", "Enter a number from 1 to 1,000."),
        ("post_max_length", "1001", "max_value", "Enter a number from 1 to 1,000."),
        ("code_max_uses", "0", "min_value", "Enter a number from 1 to 10,000."),
        ("code_max_uses", "10001", "max_value", "Enter a number from 1 to 10,000."),
        ("code_max_uses", "many", "invalid", "Enter a whole number."),
    ],
)
def test_errors_explain_what_to_do_and_preserve_the_input(save, room, settings, field, value, code, message):
    settings.TIME_ZONE = "Europe/Berlin"

    response = save(**{field: value})

    assert error_codes(response) == {field: [code]}
    page = Page(response)
    assert page.field_error(field).startswith(message)
    assert (page.value(field), "Chemistry 9b" in page.text()) == (value, True)
    assert not entries(room).exists()


def test_owner_changes_the_maximum_length_of_posts(save, client_for, student, room):
    lengths = []
    for value in ("1000", ""):
        assert save(post_max_length=value).status_code == 302
        lengths.append(Page(client_for(student).get("/rooms/chemistry/")).by_id("composer").get("data-limit"))

    assert lengths == ["1000", "140"]
    assert [fields_of(entry) for entry in entries(room)] == [["post_max_length"], ["post_max_length"]]


def test_unknown_way_to_join_is_rejected(save):
    assert error_codes(save(joining="everyone")) == {"joining": ["invalid_choice"]}


@pytest.mark.parametrize("field", VALID)
def test_form_handles_any_text(client_for, teacher, room, field):
    client = client_for(teacher)

    for value in malformed_values():
        for name in (field, f"initial-{field}"):
            assert_no_server_error(post_form(client, SETTINGS, VALID | {name: value}), 200, 302)
    assert_no_server_error(client.post(SETTINGS, VALID | {"name": MALFORMED["long"], "slug": "x"}), 200)


def test_common_room_has_no_join_code(client_for, admin, student, common_room):
    client, path = client_for(admin), "/rooms/common/settings/"

    assert {name for name in fields_on(client.get(path)) if "initial" not in name} == {
        "csrfmiddlewaretoken",
        "name",
        "description",
        "post_max_length",
        "attachments",
    }
    client.post(path, VALID | {"name": "Hall", "description": "For all", "joining": "code", "code_max_uses": "5"})

    common_room.refresh_from_db()
    assert (common_room.name, common_room.description) == ("Hall", "For all")
    assert (common_room.joining, common_room.code_max_uses) == ("request", None)
    assert client_for(student).get(path).status_code == 403
    for action in ("archive", "reopen"):
        response = client.post(f"/rooms/common/{action}/")
        assert (response.status_code, str(CommonRoom.message) in Page(response).text()) == (403, True)
