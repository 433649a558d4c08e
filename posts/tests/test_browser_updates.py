"""The conversation as it is read, in a real browser: older posts, new ones, edits, the badge."""

import re

import pytest
from django.test import Client

from posts import actions
from posts.models import Membership, Post
from posts.tests.factories import PostFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COMMON = "/rooms/common/"


@pytest.fixture(autouse=True)
def quick(settings):
    """Ask often, so that tests need not wait; pages of ten, so that few posts make several."""
    settings.POLL_SECONDS = 0.2
    settings.POSTS_PER_PAGE = 10


@pytest.fixture
def many(classmate, teacher):
    """45 posts of two people by turns: five pages."""
    return [PostFactory(author=(classmate, teacher)[number % 2], body=f"Number {number}") for number in range(45)]


def bodies(page):
    return [text.strip() for text in page.locator(".post-body").all_inner_texts()]


def scroll_to(page, top):
    """Scroll the conversation; 0 is the newest post, below that is upwards."""
    page.evaluate("top => { document.querySelector('[data-scroll]').scrollTop = top }", top)


def place_of(page, body):
    return page.get_by_text(body, exact=True).bounding_box()["y"]


def first_in_view(page):
    return page.locator(".post-body").evaluate_all(
        "all => all.find(it => it.getBoundingClientRect().top > 200).innerText"
    )


def test_conversation_begins_at_the_newest_post(browse, student, many):
    page = browse(COMMON, student)

    assert page.get_by_text("Number 44", exact=True).is_visible()
    assert page.evaluate("document.querySelector('[data-scroll]').scrollTop") == 0


def test_older_posts_load_as_one_scrolls_until_the_first(browse, student, many):
    page = browse(COMMON, student, viewport={"width": 1280, "height": 500})
    for last in (26, 16, 6, 0):
        page.get_by_text(f"Number {last}", exact=True).wait_for(state="attached")
        scroll_to(page, -100_000)

    assert bodies(page) == [f"Number {number}" for number in range(45)]
    assert page.locator("[data-older]").count() == 0


def test_what_is_being_read_stays_while_older_posts_come_in_above(browse, student, many):
    page = browse(COMMON, student, viewport={"width": 1280, "height": 400})
    waiting, let_go = [], []
    page.route("**/?before=*", lambda route: route.continue_() if let_go else waiting.append(route))
    page.reload()
    scroll_to(page, -200)
    page.wait_for_timeout(200)
    seen = first_in_view(page)
    before = place_of(page, seen)
    let_go.append(True)
    for route in waiting:
        route.continue_()
    page.get_by_text("Number 26", exact=True).wait_for(state="attached")
    page.wait_for_timeout(200)

    assert waiting
    assert abs(place_of(page, seen) - before) <= 1


def test_one_line_a_day_and_grouped_posts_stay_so_where_pages_meet(browse, student, classmate):
    for number in range(25):
        PostFactory(author=classmate, body=f"Number {number}")
    page = browse(COMMON, student)
    page.get_by_text("Number 0", exact=True).wait_for(state="attached")

    assert page.locator(".day").count() == 1
    assert page.locator(".post:not(.goes-on)").count() == 1


def test_older_posts_are_a_link_without_scripts(browse, student, many):
    page = browse(COMMON, student, java_script_enabled=False)
    first = bodies(page)
    with page.expect_navigation():
        page.get_by_role("link", name="Older posts").click()
    second = bodies(page)
    with page.expect_navigation():
        page.get_by_role("link", name="Newer posts").click()

    assert first == [f"Number {number}" for number in range(35, 45)]
    assert second == [f"Number {number}" for number in range(25, 35)]
    assert bodies(page) == first


def test_permanent_address_shows_the_post_and_loads_in_both_directions(browse, student, many):
    page = browse(f"/posts/{many[20].pk}/", student)
    page.get_by_text("Number 20", exact=True).wait_for()
    seen = place_of(page, "Number 20")
    for top in (-100_000, 0, -100_000, 0):
        scroll_to(page, top)
        page.wait_for_timeout(150)
    page.get_by_text("Number 44", exact=True).wait_for(state="attached")

    assert 0 < seen < 720
    assert bodies(page) == [f"Number {number}" for number in range(int(bodies(page)[0].split()[1]), 45)]
    assert page.locator("[data-newer], .to-newest").count() == 0


def test_post_of_somebody_else_appears_without_reloading(browse, student, classmate, client_for):
    page = browse(COMMON, student)
    client_for(classmate).post(COMMON, {"body": "Hot off the press"})
    page.get_by_text("Hot off the press").wait_for()

    assert page.requests.count(COMMON) == 1


def test_first_post_of_a_room_replaces_the_words_that_it_is_empty(browse, student, classmate, common_room):
    page = browse(COMMON, student)
    empty = page.locator(".empty").count()
    actions.write_post(classmate, common_room, "Hello")
    page.get_by_text("Hello", exact=True).wait_for()

    assert (empty, page.locator(".empty").count()) == (1, 0)


def test_new_posts_are_announced_and_nothing_moves_while_one_reads_further_up(
    browse, student, classmate, common_room, many
):
    page = browse(COMMON, student, viewport={"width": 1280, "height": 400})
    page.get_by_text("Number 30", exact=True).wait_for(state="attached")
    scroll_to(page, -300)
    page.wait_for_timeout(300)
    seen = first_in_view(page)
    before = place_of(page, seen)
    actions.write_post(classmate, common_room, "First news")
    page.get_by_role("button", name="1 new post").wait_for()
    actions.write_post(classmate, common_room, "Second news")
    notice = page.get_by_role("button", name="2 new posts")
    notice.wait_for()
    after = place_of(page, seen)
    notice.click()
    page.get_by_text("Second news").wait_for()
    notice.wait_for(state="detached")

    assert abs(after - before) <= 1
    assert page.evaluate("document.querySelector('[data-scroll]').scrollTop") == 0


def test_edits_and_removals_change_the_post_in_its_place(browse, student, classmate, common_room):
    first = actions.write_post(classmate, common_room, "To be edited")
    second = actions.write_post(classmate, common_room, "To be removed")
    actions.write_post(classmate, common_room, "To stay")
    page = browse(COMMON, student)
    actions.edit_post(first, "Edited", classmate)
    page.get_by_text("Edited", exact=True).wait_for()
    actions.remove_post(second, classmate)
    page.get_by_text("deleted by its author").wait_for()

    assert bodies(page) == ["Edited", "This post was deleted by its author.", "To stay"]
    assert page.locator(".day").count() == 1


def test_post_that_was_missed_takes_its_place_before_a_later_one(browse, student, classmate, common_room, settings):
    settings.POLL_SECONDS = 1
    page = browse(COMMON, student)
    actions.write_post(classmate, common_room, "Written just before")
    page.locator("textarea").fill("Mine")
    page.keyboard.press("Enter")
    page.get_by_text("Mine", exact=True).wait_for()
    page.get_by_text("Written just before").wait_for()

    assert bodies(page) == ["Written just before", "Mine"]


def test_reading_is_remembered_and_the_line_shows_what_is_new(browse, student, classmate, common_room):
    actions.write_post(classmate, common_room, "Old")
    page = browse(COMMON, student)
    page.wait_for_function("performance.getEntriesByType('resource').some(it => it.name.endsWith('/read/'))")
    page.close()
    news = actions.write_post(classmate, common_room, "New")
    page = browse(COMMON, student, java_script_enabled=False)

    assert Membership.objects.get(user=student).last_read < news.pk
    assert page.locator(".unread-line").count() == 1
    assert page.locator(".unread-line + .post .post-body").inner_text().strip() == "New"


def test_reading_is_marked_by_a_button_without_scripts(browse, student, classmate, common_room):
    post = actions.write_post(classmate, common_room, "News")
    page = browse(COMMON, student, java_script_enabled=False)
    with page.expect_navigation():
        page.get_by_role("button", name="Mark all read").click()

    assert Membership.objects.get(user=student).last_read == post.pk
    assert page.url.endswith(COMMON)


def test_hidden_page_asks_for_nothing_and_catches_up_when_it_is_looked_at(browse, student, classmate, common_room):
    page = browse(COMMON, student)
    page.evaluate(
        """() => {
            window.isHidden = true;
            Object.defineProperty(document, "hidden", { get: () => window.isHidden, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    page.wait_for_timeout(300)
    page.requests.clear()
    actions.write_post(classmate, common_room, "While you were away")
    page.wait_for_timeout(800)
    asked = list(page.requests)
    page.evaluate("window.isHidden = false; document.dispatchEvent(new Event('visibilitychange'))")
    page.get_by_text("While you were away").wait_for()

    assert asked == []


def test_page_says_when_the_connection_is_lost_and_goes_on_when_it_is_back(browse, student, classmate, common_room):
    page = browse(COMMON, student)
    page.expected_problems.append("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    page.get_by_text("The connection is lost").wait_for()
    actions.write_post(classmate, common_room, "Meanwhile")
    page.context.set_offline(False)
    page.get_by_text("Meanwhile").wait_for()
    page.get_by_text("The connection is lost").wait_for(state="detached")


def test_whoever_missed_too_much_is_told_to_load_the_page(browse, student, monkeypatch, common_room, classmate):
    monkeypatch.setattr("posts.views.conversation.MAX_CHANGES", 2)
    page = browse(COMMON, student)
    page.expected_problems.append("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    for number in range(4):
        actions.write_post(classmate, common_room, f"Number {number}")
    page.context.set_offline(False)
    page.get_by_role("button", name="Load the page anew").click()
    page.get_by_text("Number 3").wait_for()


def test_ended_session_leads_to_the_login_page_once(browse, student):
    page = browse(COMMON, student)
    page.expected_problems.append("EventSource's response")  # the test server redirects it to the login page
    student.sessions.all().delete()
    page.wait_for_url("**/login/**")
    page.requests.clear()
    page.wait_for_timeout(800)

    assert page.url.endswith(f"/login/?next={COMMON}")
    assert [path for path in page.requests if not path.startswith("/static/")] == []


def test_sign_out_on_its_way_is_not_overtaken_by_a_page_that_finds_the_session_ended(browse, student):
    page, held = browse(COMMON, student), []
    page.expected_problems.append("EventSource's response")  # the test server redirects it to the login page
    page.route("**/logout/", lambda route: held.append(route))
    page.locator("[data-menu] summary").click()
    page.get_by_role("button", name="Sign out").click(no_wait_after=True)
    while not held:
        page.wait_for_timeout(20)
    student.sessions.all().delete()
    with page.expect_response("**/updates/**"):
        pass
    page.wait_for_timeout(500)
    assert page.requests.count(COMMON) == 1

    held.pop().continue_()
    page.wait_for_url(lambda url: not url.endswith(COMMON))
    assert "next=" not in page.url


def test_page_that_a_sign_out_did_not_take_away_finds_the_session_ended_after_all(browse, student):
    page = browse(COMMON, student)
    page.expected_problems.append("EventSource's response")  # the test server redirects it to the login page
    page.route("**/logout/", lambda route: route.abort("aborted"))
    page.locator("[data-menu] summary").click()
    page.get_by_role("button", name="Sign out").click(no_wait_after=True)
    page.wait_for_timeout(500)
    student.sessions.all().delete()
    page.wait_for_url(f"**/login/?next={COMMON}")


def test_badge_goes_up_without_reloading_and_down_when_marked_read(browse, student, classmate, client_for):
    page = browse("/students/", student)
    number = page.locator("[data-unread-count]")
    hidden = number.is_hidden()
    client_for(classmate).post(COMMON, {"body": "@sam, are you there?"})
    page.locator("[data-unread-count='1']").wait_for()
    title = page.title()
    Client.post(client_for(student), "/notifications/read/")
    number.wait_for(state="hidden")

    assert hidden
    assert title.startswith("(1) ")
    assert page.requests.count("/students/") == 1


def test_following_a_notification_marks_it_read(browse, student, classmate, common_room):
    actions.write_post(classmate, common_room, "@sam, are you there?")
    page = browse("/notifications/", student)
    page.get_by_role("link", name=re.compile("mentioned you")).click()
    page.get_by_text("@sam, are you there?").wait_for()
    page.locator("[data-unread-count]").wait_for(state="hidden")


def test_post_is_found_again_after_going_back(browse, student, many):
    page = browse(COMMON, student)
    page.goto("/students/")
    page.go_back()
    page.get_by_text("Number 44", exact=True).wait_for()
    Post.objects.filter(pk=many[-1].pk).update(body="Changed")
    actions.edit_post(many[-2], "Number 43, edited", many[-2].author)
    page.get_by_text("Number 43, edited").wait_for()
