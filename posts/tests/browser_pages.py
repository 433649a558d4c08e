"""The pages and states that browser tests open."""

from django.contrib.auth.tokens import default_token_generator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

COMMON = "/rooms/common/"


def open_menu(page):
    page.locator("[data-menu] summary").click()


def open_popover(page):
    page.locator(".mention").first.hover()
    page.locator(".popover").wait_for()


def submit_empty(page):
    page.locator(".form-actions button").click()
    page.locator(".error-summary").wait_for()


def submit_too_long(page):
    page.locator("textarea").fill("x" * 141)
    page.keyboard.press("Enter")
    page.locator(".composer-errors p").wait_for()


def reset_link(user):
    name = urlsafe_base64_encode(force_bytes(user.pk))
    return f"/password-reset/{name}/{default_token_generator.make_token(user)}/"


VISITOR_PAGES = {
    "landing": ("/", None),
    "register": ("/register/", None),
    "register student": ("/register/student/", None),
    "register student with errors": ("/register/student/", submit_empty),
    "register teacher with errors": ("/register/teacher/", submit_empty),
    "login": ("/login/", None),
    "login student": ("/login/student/", None),
    "login teacher with errors": ("/login/teacher/", submit_empty),
    "password reset": ("/password-reset/", None),
    "password reset sent": ("/password-reset/sent/", None),
    "password reset done": ("/password-reset/done/", None),
    "password reset used": ("/password-reset/MQ/x-y/", None),
    "not found": ("/nothing/", None),
}
STUDENT_PAGES = {
    "home": ("/home/", None),
    "home with the menu open": ("/home/", open_menu),
    "students": ("/students/", None),
    "students without results": ("/students/?q=nobody", None),
    "teachers": ("/teachers/", None),
    "profile": ("/users/kim/", None),
    "profile of a long name": (f"/users/{'w' * 20}/", None),
    "account": ("/account/", None),
    "password": ("/account/password/", None),
    "password with errors": ("/account/password/", submit_empty),
    "sessions": ("/account/sessions/", None),
    "delete account": ("/account/delete/", None),
    "delete account with errors": ("/account/delete/", submit_empty),
    "rooms": ("/rooms/", None),
    "conversation": (COMMON, None),
    "conversation with a popover": (COMMON, open_popover),
    "conversation with an error": (COMMON, submit_too_long),
    "notifications": ("/notifications/", None),
    "forbidden": ("/home/teacher/", None),
    "not understood": ("/rooms/common/?before=x", None),
}
OTHER_PAGES = {
    "home of a teacher": ("teacher", "/home/", None),
    "room of a teacher": ("teacher", COMMON, None),
    "home of a waiting teacher": ("pending_teacher", "/home/", None),
    "home of an administrator": ("admin", "/home/", None),
    "home where nothing is yet": ("outsider", "/home/", None),
    "notifications where nothing is yet": ("outsider", "/notifications/", None),
    "conversation of an administrator": ("admin", COMMON, None),
}
# Console messages for error pages and invalid forms.
EXPECTED_ERRORS = ["status of 40", "status of 422"]
