"""New passwords, the profile picture and the text size in a browser."""

import pytest
from PIL import Image

from accounts.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_rules_are_marked_while_the_user_types_and_passwords_can_be_shown(browse):
    page = browse("/register/student/")
    rules = page.locator("[data-password-rules] li")

    def met():
        return rules.evaluate_all("rules => rules.map((rule) => rule.matches('[data-met]'))")

    page.locator("#id_first_name").fill("Maximiliana")
    page.locator("#id_password1").fill("maximilia")
    short = met()
    page.locator("#id_password1").fill("maximiliana1")
    similar = met()
    page.locator("#id_password1").fill("purple-lamp-42")
    page.get_by_label("Show password").check()

    assert (short, similar, met()) == ([False, False], [True, False], [True, True])
    assert rules.first.text_content() == "At least 10 characters: done"
    assert [page.locator(f"#id_password{number}").get_attribute("type") for number in (1, 2)] == ["text", "text"]


def test_picture_is_saved_when_it_is_chosen(browse, student, tmp_path):
    Image.new("RGB", (300, 200), "green").save(tmp_path / "me.png")
    page = browse("/account/", student)
    page.locator("#id_location").fill("Class 9B")
    page.locator("#id_avatar").set_input_files(tmp_path / "me.png")
    page.get_by_text("Profile saved.").wait_for()
    shown = page.locator("main img.avatar").evaluate("it => it.decode().then(() => it.naturalWidth)")
    saved = User.objects.get(pk=student.pk)

    assert shown == 256
    assert saved.avatar.name.endswith(".webp")
    assert saved.location == "Class 9B"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_text_size_and_spacing_apply_to_all_pages(browse, student, scripts):
    page = browse("/account/", student, java_script_enabled=scripts)

    def style(name):
        return page.evaluate("name => getComputedStyle(document.body)[name]", name)

    before = style("fontSize")
    for name in ("130%", "Wide"):
        with page.expect_response("**/theme/"):
            page.get_by_role("button", name=name).click()
        page.get_by_role("button", name=name, pressed=True).wait_for()
    here = style("fontSize"), style("wordSpacing")
    page.goto("/home/")

    assert before == "16px"
    assert here == (style("fontSize"), style("wordSpacing")) == ("20.8px", "3.328px")
