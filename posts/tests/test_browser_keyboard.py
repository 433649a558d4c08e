"""Keyboard navigation in a browser."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.tests.factories import AdminFactory
from posts.actions import write_post
from posts.tests.browser_waits import wait_until
from posts.tests.composer import choose_reply
from posts.tests.factories import PostFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COMMON = "/rooms/common/"


@pytest.fixture(autouse=True)
def poll_often(settings):
    settings.POLL_SECONDS = 0.3


def open_menu(page):
    page.locator(".account-menu summary").click()


def test_first_tab_focuses_the_skip_link(browse, student):
    page = browse("/students/", student)
    page.keyboard.press("Tab")
    link = page.evaluate("document.activeElement.textContent")
    shown = page.locator(".skip-link").bounding_box()["y"]
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert link == "Skip to content"
    assert shown >= 0
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_second_tab_of_a_conversation_focuses_the_link_to_the_composer(browse, student):
    page = browse(COMMON, student, java_script_enabled=False)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to composer")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("textarea")).to_be_focused()
    page.keyboard.type("Here I am")
    page.locator("[data-composer] [type=submit]").click()

    expect(page.locator(".post-body", has_text="Here I am")).to_be_visible()


def test_page_without_composer_has_no_link_to_it(client_for, student, common_room):
    client = client_for(student)
    common_room.archived_at = common_room.created_at
    common_room.save()
    pages = [client.get("/students/"), client_for(AdminFactory()).get(COMMON)]

    assert [b"Skip to composer" in page.content for page in pages] == [False, False]


@pytest.mark.parametrize("width", [360, 1280])
def test_time_of_a_continued_post_is_beside_the_text_and_inside_the_outline(browse, student, classmate, width):
    posts = PostFactory.create_batch(2, author=classmate, edited_at=timezone.now())
    page = browse(COMMON, student, viewport={"width": width, "height": 740})
    row = page.locator(f"#post-{posts[1].pk}")
    time, text = row.locator("time"), row.locator(".post-body")
    hidden = time.evaluate("it => getComputedStyle(it.closest('a')).opacity")
    row.focus()
    shown = time.evaluate("it => getComputedStyle(it.closest('a')).opacity")
    outline = row.evaluate("it => parseFloat(getComputedStyle(it).outlineWidth)")
    box, area = time.bounding_box(), row.bounding_box()

    assert (hidden, shown) == ("0", "1")
    assert area["x"] + outline < box["x"]
    assert box["x"] + box["width"] < text.bounding_box()["x"]
    assert row.locator(".post-edited").bounding_box()["x"] == text.bounding_box()["x"]  # also a long translation fits


def test_name_of_a_continued_post_is_visible_while_it_has_the_focus(browse, student, classmate, common_room):
    for body in ("First", "Second"):
        write_post(classmate, common_room, body)
    page = browse(COMMON, student)
    page.locator(".post").last.focus()
    hidden = page.locator(".post .name").last.bounding_box()["width"]
    page.keyboard.press("Tab")
    name = page.locator(".post .name").last

    expect(name).to_be_focused()
    assert hidden <= 1
    assert name.bounding_box()["width"] > 24
    expect(name).to_be_in_viewport(ratio=1)


def test_focused_elements_are_visible_and_in_order(browse, student, classmate):
    page = browse("/students/", student)
    stops = []
    for _number in range(11):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate(
                """() => {
                    const it = document.activeElement, box = it.getBoundingClientRect(), style = getComputedStyle(it);
                    const text = (it.getAttribute("aria-label") ?? it.innerText ?? "").trim() || it.name;
                    return { text, visible: box.width > 0 && box.height > 0, ring: style.outlineStyle !== "none" };
                }"""
            )
        )
    texts = [stop["text"] for stop in stops]

    assert [stop for stop in stops if not (stop["visible"] and stop["ring"])] == []
    assert texts[2:5] == ["Home", "Rooms", "People"]
    assert "Account menu of sam" in texts[6]
    assert texts[7:10] == ["Students", "Teachers", "q"]


def test_menu_opens_and_closes_with_the_keyboard(browse, student):
    page = browse("/students/", student)
    menu = page.locator(".account-menu")
    menu.locator("summary").focus()
    page.keyboard.press("Enter")
    menu.get_by_role("link", name="My profile").wait_for()
    page.keyboard.press("Tab")
    inside = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Escape")
    menu.get_by_role("link", name="My profile").wait_for(state="hidden")

    assert inside == "My profile"
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_menu_closes_on_a_click_outside(browse, student):
    page = browse("/students/", student)
    open_menu(page)
    page.get_by_role("link", name="My profile").wait_for()
    page.locator("h1").click()
    page.get_by_role("link", name="My profile").wait_for(state="hidden")


def test_menu_of_a_post_is_hidden_until_it_is_in_its_place(browse, student, classmate):
    post = PostFactory(author=classmate)
    page = browse("/rooms/common/", student)
    menu = page.locator(f"#post-{post.pk} [data-menu]")
    panel = menu.locator(".dropdown-menu")
    states = []
    for _number in range(2):
        # The event by which the script places the menu follows this call.
        states.append(menu.evaluate("it => (it.open = true) && getComputedStyle(it.lastElementChild).visibility"))
        panel.get_by_role("link", name="Copy link").wait_for()
        page.keyboard.press("Escape")
        panel.wait_for(state="hidden")

    assert states == ["hidden", "hidden"]


def focused(page):
    """Return the id of the post that has the focus, or the name or text of another element."""
    return page.evaluate(
        "document.activeElement.dataset.post || document.activeElement.name || document.activeElement.innerText"
    )


def test_each_post_is_one_stop_and_arrow_keys_move_between_posts(browse, student, classmate, common_room, settings):
    settings.POSTS_PER_PAGE = 10
    posts = [str(post.pk) for post in PostFactory.create_batch(99, author=classmate, body="Hello @kim")]
    page = browse(COMMON, student)
    expect(page.locator("textarea")).to_be_focused()  # a pointer can hover
    page.evaluate("document.activeElement.blur()")
    stops = []
    while "body" not in stops:
        page.keyboard.press("Tab")
        if focused(page) != "View profile":  # in a popover, which opens if the focus stays on a name for long enough
            stops.append(focused(page))
        assert len(stops) < 25
    page.locator(f"#post-{posts[-1]}").focus()
    moves, loaded = [], page.locator(".post").count()
    for key in ("ArrowUp", "ArrowUp", "ArrowDown", "End", "Home"):
        page.keyboard.press(key)
        moves.append(focused(page))
    expect(page.locator(".post")).not_to_have_count(loaded)  # older posts are loaded above

    assert [stop for stop in stops if stop in posts] == [posts[-1]]
    assert moves[:4] == [posts[-2], posts[-3], posts[-2], posts[-1]]
    assert moves[4] == posts[-loaded]
    assert focused(page) == moves[4]


def test_loading_older_posts_does_not_move_the_focus(browse, student, classmate, settings):
    settings.POSTS_PER_PAGE = 10
    first = PostFactory.create_batch(99, author=classmate)[0]
    page = browse(COMMON, student, viewport={"width": 1280, "height": 400})
    page.get_by_role("link", name="Older posts").focus()

    def has_loaded_all():
        page.evaluate("document.querySelector('[data-scroll]').scrollTop = -1e6")
        return page.locator("[data-older]").count() == 0

    wait_until(page, has_loaded_all)

    assert focused(page) == str(first.pk)  # it was on the link until that was removed


def test_escape_cancels_a_reply_and_focus_stays_in_the_composer(browse, student, classmate, common_room):
    post = write_post(classmate, common_room, "Who has the key?")
    page = browse(COMMON, student)
    choose_reply(page, post)
    page.keyboard.type("I ha")
    expect(page.locator("[data-reply]")).to_contain_text("Kim Lund")
    page.keyboard.press("Escape")
    expect(page.locator("[data-reply]")).to_be_hidden()
    page.keyboard.type("ve")
    page.keyboard.press("Enter")

    expect(page.locator(".is-mine .post-body")).to_have_text("I have")
