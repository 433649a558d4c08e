"""The colour theme in a browser."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def poll_often(settings):
    settings.POLL_SECONDS = 0.3


def background_color(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def test_theme_follows_the_system_by_default(browse):
    light, dark = (background_color(browse("/", color_scheme=scheme)) for scheme in ("light", "dark"))

    assert (light, dark) == ("rgb(247, 245, 240)", "rgb(18, 23, 22)")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_selected_theme_applies_to_all_pages_and_can_be_reset(browse, scripts):
    page = browse("/login/", color_scheme="light", java_script_enabled=scripts)
    light = background_color(page)
    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="Dark").click()
    page.wait_for_load_state()
    dark, url = background_color(page), page.url
    page.goto("/register/")
    later = background_color(page)
    pressed = page.get_by_role("button", name="Dark").get_attribute("aria-pressed")
    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="Auto").click()
    page.wait_for_load_state()
    page.reload()

    assert light != dark == later
    assert url.endswith("/login/")
    assert pressed == "true"
    assert background_color(page) == light


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_disabled_button_has_the_colours_of_the_theme(browse, scheme):
    button = browse("/login/", color_scheme=scheme).locator("main [type=submit]").last
    styles = "button => (({ color, backgroundColor, borderColor }) => [color, backgroundColor, borderColor])"
    styles += "(getComputedStyle(button))"
    enabled = button.evaluate(styles)

    button.evaluate("button => button.style.setProperty('transition', 'none')")
    button.evaluate("button => (button.disabled = true)")

    assert button.evaluate(styles) == enabled
