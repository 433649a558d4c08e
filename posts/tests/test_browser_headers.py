"""The content security policy in a browser. `browse` fails if a page violates it or sends a request to another host."""

import pytest

from posts.tests.browser_pages import COMMON

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
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
def test_inline_scripts_and_styles_are_blocked(browse, student):
    page = browse(COMMON, student)
    page.expected_problems.append("Content Security Policy")

    assert page.evaluate(ATTACK) == [False, ""]
    assert len(page.problems) == 2
