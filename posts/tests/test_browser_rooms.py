"""Creating a room and showing its join code in a browser."""

import re
import time

import pytest

from accounts.tests.factories import PASSWORD
from posts.actions import create_room, write_post
from posts.models import Room
from posts.tests.browser import horizontal_overflow
from posts.tests.browser_waits import wait_for_frames
from posts.tests.factories import MembershipFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}")
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
LAPTOP = {"viewport": {"width": 1280, "height": 800}, "has_touch": True}
MAX_TAPS = 4


@pytest.fixture(autouse=True)
def disable_polling(settings):
    """Prevent polls during a test."""
    settings.POLL_SECONDS = 600


@pytest.fixture
def room(teacher):
    return create_room(Room(name="Biology 10A", owner=teacher), teacher)


@pytest.fixture
def code_page(browse, teacher, room):
    """Return a function that opens the page with the join code. It can define functions of the browser before."""

    def open_page(script="", **options):
        page = browse(None, teacher, **options)
        page.add_init_script(script)
        page.goto(f"/rooms/{room.slug}/code/")
        return page

    return open_page


def sign_in(page):
    page.get_by_label("Username or email").fill("ms.hale")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Hello, Ada").wait_for()


def create_by_tapping(page, has_rooms):
    """Create a room from the home page, and return the number of taps. On phones, a field gets the focus by a tap."""
    create = page.get_by_role("button", name="Create room")
    steps = [page.get_by_role("link", name="Create room")] if has_rooms else []
    for target in [*steps, page.get_by_label("Name")]:
        target.tap()
    page.keyboard.type("Biology 10B")
    create.tap()
    page.locator(".join-code").wait_for()
    return len(steps) + 2


@pytest.mark.guarantee("first-room")
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("device", [PHONE, LAPTOP], ids=["phone", "laptop"])
@pytest.mark.parametrize("has_rooms", [False, True], ids=["first room", "another room"])
def test_teacher_shows_the_code_of_a_new_room(browse, teacher, request, record_property, device, scripts, has_rooms):
    if has_rooms:
        request.getfixturevalue("room")
    page = browse("/login/teacher/", java_script_enabled=scripts, **device)
    sign_in(page)
    start = time.monotonic()

    taps = create_by_tapping(page, has_rooms)

    seconds = time.monotonic() - start
    record_property("figure", f"{taps} taps and {seconds:.1f} s from the home page to the join code")
    room = Room.objects.get(name="Biology 10B")
    code = page.locator(".join-code")
    assert taps <= MAX_TAPS
    assert (page.url.endswith(f"/rooms/{room.slug}/code/"), code.inner_text()) == (True, room.display_code)
    assert code.evaluate("it => parseFloat(getComputedStyle(it).fontSize)") >= 46
    assert CODE.fullmatch(code.inner_text())
    assert horizontal_overflow(page) == 0


def test_code_and_link_are_copied(code_page, room):
    page = code_page()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    copied = []
    for name in ("Copy code", "Copy link"):
        page.get_by_role("button", name=name).click()
        page.get_by_role("status").get_by_text("Copied.").wait_for()
        copied.append(page.evaluate("navigator.clipboard.readText()"))

    assert copied == [room.display_code, room.join_link]


def test_refused_copy_is_reported(code_page):
    page = code_page("navigator.clipboard.writeText = () => Promise.reject(new Error());")
    page.get_by_role("button", name="Copy code").click()

    page.get_by_role("status").get_by_text("Your browser doesn't allow copying.").wait_for()


def test_device_shares_the_link(code_page, room):
    page = code_page("navigator.share = (data) => { window.shared = data; return Promise.reject(new Error()); };")
    page.get_by_role("button", name="Share").click()

    assert page.evaluate("window.shared") == {"title": "Biology 10A", "url": room.join_link}


@pytest.mark.parametrize(
    ("script", "options"),
    [
        (
            "for (const name of ['clipboard', 'share']) Object.defineProperty(navigator, name, { value: undefined });",
            {},
        ),
        ("", {"java_script_enabled": False}),
    ],
    ids=["old browser", "without scripts"],
)
def test_buttons_are_hidden_if_the_browser_cannot_copy_and_share(code_page, room, script, options):
    page = code_page(script, **options)

    assert page.locator("[data-copy]:visible, [data-share]:visible").count() == 0
    assert page.get_by_role("link", name="Go to room").is_visible()
    assert page.get_by_role("img", name="QR code of the link").is_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_code_is_replaced_after_a_confirmation(code_page, room, scripts):
    page = code_page(java_script_enabled=scripts)
    button = page.get_by_role("button", name="Replace code")
    was_visible = button.is_visible()
    page.get_by_text("Replace the code").click()
    page.get_by_text("The old ones stop working, also on paper.").wait_for()
    button.click()
    page.get_by_text("The room has a new join code.").wait_for()

    old = room.display_code
    room.refresh_from_db()
    assert not was_visible
    assert page.locator(".join-code").inner_text() == room.display_code != old


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_print_contains_only_name_code_link_and_qr_code(code_page, room, theme):
    page = code_page(color_scheme=theme, viewport={"width": 720, "height": 1000})
    page.emulate_media(media="print")

    assert page.locator("main").inner_text().split() == ["Biology", "10A", room.display_code, room.join_link]
    qr_code = page.locator(".qr-code").bounding_box()
    assert qr_code["width"] > 300
    assert qr_code["y"] + qr_code["height"] < 1000
    colors = page.locator(".qr-code").evaluate(
        "svg => [...svg.children].map(it => getComputedStyle(it)).map(({ fill, stroke }) => `${fill} ${stroke}`)"
    )
    assert colors[0] == "rgb(255, 255, 255) none"
    assert colors[1].endswith(" rgb(0, 0, 0)")
    assert horizontal_overflow(page) == 0


def test_presented_room_shows_nothing_about_its_reader_and_ends_with_escape(browse, teacher, student, room):
    MembershipFactory(room=room, user=student)
    write_post(student, room, "@ms.hale, are you there?")
    write_post(teacher, room, "I am")
    page = browse(f"/rooms/{room.slug}/?present", teacher)
    page.locator(".post .name").first.focus()
    wait_for_frames(page)

    assert [path for path in page.requests if path.endswith("/popover/")] == []
    assert page.locator(".role:visible, .post-tools:visible").count() == 0
    own, mention = page.locator(".is-mine .post-body"), page.locator(".is-for-me")
    assert own.evaluate("it => getComputedStyle(it).backgroundColor") == "rgba(0, 0, 0, 0)"
    assert mention.evaluate("it => getComputedStyle(it).boxShadow") == "none"
    assert page.title() == "Biology 10A · Homeroom"
    page.keyboard.press("Escape")
    page.wait_for_url(f"**/rooms/{room.slug}/")
