"""The pages and states that browser tests open."""

from django.contrib.auth.tokens import default_token_generator
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

COMMON = "/rooms/common/"


def open_menu(page):
    page.locator(".account-menu summary").click()


def open_room_menu(page):
    page.locator(".conversation-head summary").click()


def open_post_menu(page):
    page.locator(".post-tool:visible").last.click()
    page.locator(".post .dropdown-menu:visible").wait_for()


def open_panel(page):
    page.set_viewport_size({"width": 1000, "height": 700})
    page.locator("[data-panel-link]").click()
    page.locator("[data-panel]").wait_for()


def open_details(page):
    page.locator(".more summary").click()


def open_popover(page):
    page.locator(".mention").first.hover()
    page.locator(".popover").wait_for()


def delete_and_edit(page):
    """Delete the last post of the user, and edit the one before in its place."""
    for action in ("Delete", "Edit"):
        row = page.locator(".is-mine:visible").last
        row.locator("summary").click()
        row.get_by_text(action, exact=True).click()
        page.locator("[data-undo-offer]:visible").wait_for()
    page.locator("#edit-body").fill("x" * 141)
    page.locator("#edit-body").press("Enter")
    page.locator("#edit-errors p").wait_for()


def submit_empty(page):
    page.locator(".form-actions button").click()
    page.locator(".error-summary").wait_for()


def submit_too_long(page):
    page.locator("textarea").fill("x" * 141)
    page.keyboard.press("Enter")
    page.locator(".composer-errors p").wait_for()


def check_class_list(page, last="olu,ليلى الخطيب"):
    """Submit a class list with an existing student, long names, and the row `last`."""
    page.locator("textarea").fill(f"sam\nida,Ida Wells,ida@school.example\n{'w' * 19}1,{'W' * 140}\n{last}\n")
    page.locator(".form-actions button").click()
    page.locator("ol .item").first.wait_for()


def check_wrong_class_list(page):
    check_class_list(page, last="x,Too Short")
    page.locator("ol .text-danger").wait_for()


def choose_groups(page):
    """Choose a group for the first student, so that the other groups are empty."""
    page.locator("fieldset").first.get_by_label("1", exact=True).check()
    submit_empty(page)


def archive_rooms(page):
    for checkbox in page.locator("main [type=checkbox]").all():
        checkbox.check()
    page.locator(".form-actions button").click()
    page.get_by_role("heading", name="Archive these rooms?").wait_for()


def make_cards(page):
    page.locator("[data-cards-form] button").click()
    page.locator("[data-card]").first.wait_for()


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
    "members": ("/rooms/common/members/", None),
    "join": ("/rooms/join/", None),
    "join with errors": ("/rooms/join/", submit_empty),
    "conversation": (COMMON, None),
    "conversation with a popover": (COMMON, open_popover),
    "conversation with the menu of a post": (COMMON, open_post_menu),
    "conversation with an error": (COMMON, submit_too_long),
    "conversation with a post that is edited": (COMMON, delete_and_edit),
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
    "new room": ("teacher", "/rooms/new/", open_details),
    "new room with errors": ("teacher", "/rooms/new/", submit_empty),
    "conversation of an administrator": ("admin", COMMON, None),
    "archived rooms": ("teacher", "/rooms/archived/", None),
    "groups with errors": ("teacher", "/rooms/empty/groups/", submit_empty),
    "empty room of a teacher with its menu open": ("teacher", "/rooms/empty/", open_room_menu),
    "empty room of a teacher with its panel open": ("teacher", "/rooms/empty/", open_panel),
}
# Console messages for error pages and invalid forms.
EXPECTED_ERRORS = ["status of 40", "status of 422"]
