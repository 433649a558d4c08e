"""Class lists and their cards in a browser."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from posts import actions
from posts.class_lists import Outcome, Row

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MEMBERS = "/rooms/chemistry/members/"


@pytest.fixture
def pupils(room, teacher):
    """60 pupils whose accounts a class list of `room` created."""
    rows = [Row(n, f"pupil{n:02}", f"Pupil {n}", "Lund", outcome=Outcome.NEW) for n in range(60)]
    actions.import_class_list(room, rows, teacher)
    return list(User.objects.filter(username__startswith="pupil").order_by("pk"))


def test_teacher_imports_a_file_and_pupil_signs_in_with_the_card(browse, room, teacher, live_server, settings):
    settings.SITE_URL = live_server.url
    page = browse(MEMBERS, teacher)
    page.get_by_role("link", name="Import class list").click()
    data = "Username;First name;Last name\r\nida;Ida;Wells\r\nms.hale;Zoë;Łukasik\r\n".encode("utf-16")
    page.get_by_label("CSV file").set_input_files({"name": "9b.csv", "mimeType": "text/csv", "buffer": data})
    page.get_by_role("button", name="Check list").click()
    expect(page.get_by_text("This username is taken.")).to_be_visible()
    rows = page.locator("textarea")
    rows.fill(rows.input_value().replace("ms.hale", "zoe"))
    page.get_by_role("button", name="Check list").click()
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("2 accounts created.")).to_be_visible()
    page.get_by_role("button", name="Make cards").click()
    expect(page.locator("[data-card]")).to_have_count(2)
    card = page.locator("[data-card]").first
    password = card.locator("b").nth(2).inner_text()

    pupil = browse("/login/?username=ida")
    expect(pupil.get_by_label("Username or email")).to_have_value("ida")
    expect(pupil.locator("#id_password")).to_be_focused()
    pupil.keyboard.type(password)
    pupil.keyboard.press("Enter")
    expect(pupil.get_by_role("heading", name="Choose a new password")).to_be_visible()
    pupil.get_by_label("Current password").fill(password)
    for name in ("new_password1", "new_password2"):
        pupil.locator(f"[name={name}]").fill("my very own words")
    pupil.get_by_role("button", name="Change password").click()
    expect(pupil.get_by_role("link", name="Chemistry 9b")).to_be_visible()


def test_all_cards_are_made_with_one_click(browse, pupils, teacher):
    page = browse(f"{MEMBERS}cards/", teacher)
    assert not page.get_by_role("button", name="Print").is_visible()

    page.get_by_role("button", name="Make cards").click()

    expect(page.locator("[data-card]")).to_have_count(60)
    expect(page.get_by_role("status").filter(has_text="cards")).to_have_text("60 of 60 cards")
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    assert page.locator("[data-cards-form]").count() == 0
    names = page.locator("[data-card] b:nth-of-type(1)").all_inner_texts()
    assert [name for name in names if re.fullmatch("pupil[0-9]+", name)] == [pupil.username for pupil in pupils]


def test_batch_that_fails_is_requested_again(browse, pupils, teacher):
    page = browse(f"{MEMBERS}cards/", teacher)
    page.expected_problems += ["ERR_FAILED", "status of 503"]
    number = 0

    def fail_once(route):
        nonlocal number
        number += 1
        route.fulfill(status=503, body="") if number == 2 else route.continue_()

    page.route("**/cards/", fail_once)
    page.get_by_role("button", name="Make cards").click()
    expect(page.get_by_text("Not all cards could be made.")).to_be_visible()
    expect(page.locator("[data-card]")).to_have_count(25)

    page.get_by_role("button", name="Make cards").click()

    expect(page.locator("[data-card]")).to_have_count(60)
    expect(page.get_by_text("Not all cards could be made.")).to_be_hidden()


def test_printed_cards_are_in_two_columns_on_white(browse, pupils, teacher):
    page = browse(f"{MEMBERS}cards/", teacher, viewport={"width": 720, "height": 1000}, color_scheme="dark")
    page.get_by_role("button", name="Make cards").click()
    expect(page.locator("[data-card]")).to_have_count(60)
    page.emulate_media(media="print", color_scheme="dark")

    lefts = page.locator("[data-card]").evaluate_all("cards => cards.map(card => card.getBoundingClientRect().left)")
    styles = page.locator("[data-card]").first.evaluate(
        "card => [getComputedStyle(card).breakInside, getComputedStyle(card).backgroundColor]"
    )

    assert len(set(lefts)) == 2
    assert styles == ["avoid", "rgb(255, 255, 255)"]
    assert not page.get_by_role("button", name="Print").is_visible()
