"""The content security policy in a browser. `browse` fails if a page violates it or sends a request to another host."""

import pytest

from posts.actions import write_post
from posts.tests.browser_pages import COMMON
from posts.tests.factories import MembershipFactory, NotificationFactory, RoomFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LINKS = "links => [...new Set(links.map(link => link.pathname))]"
ATTACK = """
() => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.body.append(script);
    document.body.insertAdjacentHTML("beforeend", '<p style="color: red" id="styled">Text</p>');
    return [window.ran ?? false, document.querySelector("#styled").style.color];
}
"""


@pytest.mark.guarantee("headers")
@pytest.mark.guarantee("no-other-host")
def test_admin_pages_comply_with_the_policy(browse, admin, student, teacher, common_room, record_property):
    room = RoomFactory(owner=teacher)
    MembershipFactory(user=student, room=room)
    NotificationFactory(recipient=student, actor=teacher, post=None, room=room, kind="accepted")
    write_post(student, common_room, "Hello")
    page = browse("/admin/", admin)
    page.expected_problems.append("reading 'dataset'")  # Django's script for lists without a counter of selected rows
    page.locator("button.theme-toggle").first.click()
    lists = page.locator("#content-main a").evaluate_all(LINKS)
    rows = []
    for path in lists:
        page.goto(path)
        rows += page.locator("#result_list th a").evaluate_all(LINKS)[:1]
        for field in page.locator(".select2-selection").all()[:1]:
            field.click()
    for path in [*rows, f"/admin/accounts/user/{student.pk}/history/"]:
        page.goto(path)

    visited = 2 + len(lists) + len(rows)
    violations = [problem for problem in page.problems if "Content Security Policy" in problem]
    record_property("figure", f"{len(violations)} violations on {visited} pages of the admin")
    assert visited > 15
    assert violations == []


@pytest.mark.guarantee("headers")
def test_inline_scripts_and_styles_are_blocked(browse, student):
    page = browse(COMMON, student)
    page.expected_problems.append("Content Security Policy")

    assert page.evaluate(ATTACK) == [False, ""]
    assert len(page.problems) == 2
