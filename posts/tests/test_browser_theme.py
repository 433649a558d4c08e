"""The colour theme in a browser."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def quick(settings):
    settings.POLL_SECONDS = 0.3


def paper(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_look_follows_the_system_until_one_is_chosen(browse):
    light, dark = (paper(browse("/", color_scheme=scheme)) for scheme in ("light", "dark"))

    assert (light, dark) == ("rgb(247, 245, 240)", "rgb(18, 23, 22)")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_chosen_look_stays_over_pages_and_can_be_given_back(browse, scripts):
    page = browse("/login/", color_scheme="light", java_script_enabled=scripts)
    light = paper(page)
    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="Dark").click()
    page.wait_for_load_state()
    chosen, address = paper(page), page.url
    page.goto("/register/")
    later = paper(page)
    pressed = page.get_by_role("button", name="Dark").get_attribute("aria-pressed")
    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="System").click()
    page.wait_for_load_state()
    page.reload()

    assert light != chosen == later
    assert address.endswith("/login/")
    assert pressed == "true"
    assert paper(page) == light
