"""Pages from right to left, in a browser. No language of the site is written so, so the tests change the direction."""

import pytest

from accounts.tests.factories import StudentFactory
from posts.actions import write_post

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Buttons in a group keep their order.
MIRROR = """() => {
  const isBox = it => it.getClientRects().length === 1 && getComputedStyle(it).display !== "inline";
  const elements = [...document.querySelectorAll("body *")].filter(it => isBox(it) && !it.closest("svg, .btn-group"));
  const before = elements.map(it => it.getBoundingClientRect());
  document.documentElement.dir = "rtl";
  const after = elements.map(it => it.getBoundingClientRect());
  const { clientWidth } = document.documentElement;
  const isNear = (a, b) => Math.abs(a - (clientWidth - b)) < 2;
  const isMirrored = (it, i) => isNear(before[i].left, after[i].right) && isNear(before[i].right, after[i].left);
  return elements.filter((it, i) => !isMirrored(it, i)).map(it => it.outerHTML.slice(0, 100));
}"""
PATHS = {
    "student": ["/account/", "/account/password/", "/students/", "/notifications/", "/rooms/", "/users/kim/"],
    "teacher": ["members/", "members/import/", "settings/", "groups/", ""],
}


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("user", ["student", "teacher"])
def test_pages_from_right_to_left_are_mirrored(browse, request, room, student, teacher, width, user):
    StudentFactory(username="mei", location="Class 9B")
    write_post(student, room, "@ms.hale, are you there?")
    write_post(teacher, room, "I am, @sam")
    page = browse(None, request.getfixturevalue(user), viewport={"width": width, "height": 740})
    wrong = {}
    for path in PATHS[user]:
        page.goto(path if user == "student" else f"/rooms/chemistry/{path}")
        wrong[path] = page.evaluate(MIRROR)
        for file in page.locator("[type=file]").all():
            assert file.evaluate("it => getComputedStyle(it).unicodeBidi") == "isolate"  # its button is not in the page

    assert {path: boxes for path, boxes in wrong.items() if boxes} == {}
