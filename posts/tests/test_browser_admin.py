"""Pages of the admin in a browser: the content security policy and accessibility."""

import pytest

from posts.actions import write_post
from posts.tests.axe import NO_MOTION, axe_source, run_axe
from posts.tests.factories import MembershipFactory, NotificationFactory, RoomFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LINKS = "links => [...new Set(links.map(link => link.pathname))]"
# Django's script for lists without a counter of selected rows.
EXPECTED_ERROR = "reading 'dataset'"


@pytest.fixture(autouse=True)
def rows(student, teacher, common_room):
    """Put objects into the lists."""
    room = RoomFactory(owner=teacher)
    MembershipFactory(user=student, room=room)
    NotificationFactory(recipient=student, actor=teacher, post=None, room=room, kind="accepted")
    write_post(student, common_room, "Hello")


def visit_pages(page, student, visit):
    """Open the lists of the admin, an object of each, and a history, and `visit` each. Return their number."""
    lists = page.locator("#content-main a").evaluate_all(LINKS)
    rows = [f"/admin/accounts/user/{student.pk}/history/"]
    for path in lists:
        page.goto(path)
        rows += page.locator("#result_list th a").evaluate_all(LINKS)[:1]
        visit(page)
    for path in rows:
        page.goto(path)
        visit(page)
    return 1 + len(lists) + len(rows)


def open_choices(page):
    for field in page.locator(".select2-selection").all()[:1]:
        field.click()


@pytest.mark.guarantee("headers")
@pytest.mark.guarantee("no-other-host")
def test_pages_comply_with_the_policy(browse, admin, student, record_property):
    page = browse("/admin/", admin)
    page.expected_problems.append(EXPECTED_ERROR)
    page.locator("button.theme-toggle").first.click()

    visited = visit_pages(page, student, open_choices)

    violations = [problem for problem in page.problems if "Content Security Policy" in problem]
    record_property("figure", f"{len(violations)} violations on {visited} pages of the admin")
    assert visited > 15
    assert violations == []


def test_pages_are_accessible(browse, admin, student):
    page, found = browse("/admin/", admin, **NO_MOTION), []
    page.expected_problems.append(EXPECTED_ERROR)

    def check(page):
        page.evaluate(axe_source())
        found.extend(f"{page.url}: {problem}" for problem in run_axe(page))

    check(page)
    visit_pages(page, student, check)

    assert found == []
