"""Registration, sign-in and forms in a browser."""

import re

import pytest

from accounts.models import Student, Teacher, User
from accounts.tests.factories import PASSWORD
from posts.tests.browser_waits import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def poll_often(settings):
    settings.POLL_SECONDS = 0.3


def fill(page, **fields):
    for name, value in fields.items():
        page.locator(f"#id_{name}").fill(value)


def register(page, role, username):
    page.get_by_role("link", name=f"Register as a {role}").first.click()
    fill(page, username=username, email=f"{username}@school.example", password1=PASSWORD, password2=PASSWORD)
    page.get_by_role("button", name="Register").click()
    page.get_by_text(f"Congratulations, you are now a registered {role}!").wait_for()
    assert page.url.endswith(f"/login/{role}/?username={username}")
    fill(page, password=PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name=f"Hello, {username}").wait_for()


def press_stop(page):
    page.context.new_cdp_session(page).send("Page.stopLoading")


def open_menu(page):
    page.locator(".account-menu summary").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_student_and_teacher_register_sign_in_post_and_sign_out(browse, scripts):
    student = browse("/", java_script_enabled=scripts)
    register(student, "student", "ada")
    teacher = browse("/", java_script_enabled=scripts)
    register(teacher, "teacher", "mr.fox")
    teacher.get_by_role("link", name="Common room").click()
    teacher.get_by_label("Your post").fill("Welcome, @ada!")
    teacher.get_by_role("button", name="Post", exact=True).click()
    teacher.get_by_text("Welcome, @ada!").first.wait_for()
    if scripts:
        student.locator("[data-unread-count='1']").wait_for()
    else:
        student.reload()
    student.get_by_role("link", name=re.compile("Notifications, 1 unread")).click()
    student.get_by_role("link", name=re.compile("mr.fox mentioned you")).click()
    student.locator(".post:target").get_by_text("Welcome").wait_for()
    open_menu(student)
    student.get_by_role("button", name="Sign out").click()
    student.get_by_text("You have been signed out.").wait_for()

    assert Student.objects.count() == Teacher.objects.count() == 1
    assert student.url.endswith("/login/student/")


def test_error_summary_has_focus_and_fields_preserve_their_values(browse, student):
    page = browse("/register/student/")
    fill(page, username="SAM", email="new@school.example", location="A house", description="I like to sing")
    page.get_by_role("button", name="Register").click()
    summary = page.locator(".error-summary")
    summary.wait_for()
    focused = summary.evaluate("it => it === document.activeElement")
    summary.get_by_role("link", name="Username").click()

    assert focused
    assert page.evaluate("document.activeElement.id") == "id_username"
    assert page.locator("#id_username").input_value() == "SAM"
    assert page.locator("#id_location").input_value() == "A house"
    assert page.locator("#id_description").input_value() == "I like to sing"
    assert page.locator("#id_username").get_attribute("aria-invalid") == "true"


def test_aria_describedby_refers_to_existing_elements(browse):
    page = browse("/register/teacher/")
    page.get_by_role("button", name="Register").click()
    page.locator(".error-summary").wait_for()
    missing_ids = page.evaluate(
        """() => [...document.querySelectorAll("[aria-describedby]")].flatMap(it =>
            it.getAttribute("aria-describedby").split(" ").filter(id => !document.getElementById(id)))"""
    )
    described_by = page.locator("#id_username").get_attribute("aria-describedby").split()
    descriptions = [page.locator(f"#{name}").inner_text() for name in described_by]

    assert missing_ids == []
    assert any("3 to 20" in text for text in descriptions)
    assert any("Fill in this field." in text for text in descriptions)


def test_wrong_password_preserves_the_username(browse, student):
    page = browse("/login/")
    fill(page, username="sam", password="not it at all")
    page.get_by_role("button", name="Sign in").click()
    page.locator(".error-summary").get_by_text("Invalid username or password.").wait_for()

    assert page.locator("#id_username").input_value() == "sam"
    assert page.locator("#id_password").input_value() == ""


def test_form_can_be_submitted_again_after_loading_was_stopped(browse, student):
    page = browse("/account/", student)
    held = []
    page.route("**/account/", lambda route: held.append(route) if not held else route.continue_())
    fill(page, location="Class 9B")
    page.get_by_role("button", name="Save").click(no_wait_after=True)
    wait_until(page, lambda: held)
    press_stop(page)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Profile saved.").wait_for()

    assert User.objects.get(pk=student.pk).location == "Class 9B"


def test_double_click_and_held_enter_submit_a_form_once(browse, student):
    page = browse("/account/", student)
    page.evaluate("""() => {
        window.submitted = 0;
        document.addEventListener("submit", (event) => {
            event.preventDefault();
            window.submitted += 1;
        });
    }""")
    page.get_by_role("button", name="Save").dblclick()
    after_double_click = page.evaluate("window.submitted")
    page.locator("#id_location").focus()
    for _repetition in range(3):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")

    assert (after_double_click, page.evaluate("window.submitted")) == (1, 2)
