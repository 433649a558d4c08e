"""The admin of people, their sessions and the log, as an administrator lives in it and as others try it."""

import io
import json

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import IntegrityError
from django.urls import reverse
from PIL import Image

from accounts import actions
from accounts.audit import reason_of, record
from accounts.devices import session_handle
from accounts.models import Invitation, Role, Session, Student, User
from accounts.tests.factories import PASSWORD, AdminFactory, StudentFactory, TeacherFactory, UserFactory

LISTS = ["user", "student", "teacher", "invitation", "session"]
USERS = "/admin/accounts/user/"


@pytest.fixture
def browser(admin, as_):
    """The administrator's browser."""
    return as_(admin)


@pytest.fixture
def secretary(db):
    """Staff without a superuser's rights, who may look at people and change them."""
    person = UserFactory(username="secretary", is_staff=True)
    names = ["view_user", "add_user", "change_user", "change_student", "view_student", "view_session", "delete_session"]
    person.user_permissions.set(Permission.objects.filter(codename__in=names))
    return person


def page_of(person, model="user"):
    return reverse(f"admin:accounts_{model}_change", args=[person.pk])


def act(browser, action, *people, address=USERS, **answers):
    """Choose people in the list, choose the action and, with `answers`, say yes to its question."""
    chosen = {"action": action, "_selected_action": [person.pk for person in people]}
    if not answers:
        return browser.post(address, chosen)
    return browser.post(address, {**chosen, "confirmed": len(people), **answers})


def entries(person, **filters):
    content_type = ContentType.objects.get_for_model(User)
    return LogEntry.objects.filter(content_type=content_type, object_id=str(person.pk), **filters)


def fields_of(entry):
    return next(part["changed"]["fields"] for part in json.loads(entry.change_message) if "changed" in part)


def typed(person, **changes):
    """What the change form sends for somebody."""
    names = ("username", "email", "first_name", "last_name", "location", "description")
    return {name: getattr(person, name) for name in names} | changes


def said(response):
    return [str(message) for message in response.context["messages"]]


# --- The door ---


@pytest.mark.parametrize("address", ["/admin/", "/admin/accounts/user/", "/admin/nowhere/", "/admin/jsi18n/"])
def test_visitor_is_sent_to_the_site_s_sign_in_and_comes_back(as_, db, address):
    response = as_(None).get(address)

    assert response.status_code == 302
    assert response.url == f"/login/?next={address}"


@pytest.mark.parametrize("address", ["/admin/", USERS, "/admin/login/", "/admin/nowhere/", "/admin/autocomplete/"])
def test_people_without_staff_rights_are_refused_everywhere(as_, student, teacher, address):
    for person in (student, teacher):
        assert as_(person).get(address).status_code == 403


def test_visitor_at_the_admin_s_own_login_is_sent_to_the_site_s(as_, db):
    response = as_(None).get("/admin/login/?next=/admin/accounts/user/")

    assert response.status_code == 302
    assert response.url.startswith("/login/?next=")


def test_deactivated_administrator_is_a_visitor(as_, admin):
    browser = as_(admin)
    User.objects.filter(pk=admin.pk).update(is_active=False)

    response = browser.get("/admin/")

    assert response.url == "/login/?next=/admin/"


def test_leaving_and_changing_one_s_password_happen_at_the_site_s_own_pages(browser):
    password = browser.get("/admin/password_change/")
    leaving = browser.post("/admin/logout/")

    assert password.url == reverse("password_change")
    assert leaving.status_code == 302
    assert browser.get("/admin/").status_code == 302


# --- Every page ---


@pytest.mark.parametrize("name", LISTS)
def test_every_list_opens(browser, student, waiting_teacher, deactivated, name):
    Invitation.objects.create(note="For the new maths teacher")

    response = browser.get(f"/admin/accounts/{name}/")

    assert response.status_code == 200


@pytest.mark.parametrize("name", ["user", "student", "teacher", "invitation"])
def test_every_add_page_opens(browser, name):
    assert browser.get(f"/admin/accounts/{name}/add/").status_code == 200


def test_every_change_page_opens(browser, student, teacher, waiting_teacher, admin, deactivated):
    invitation = Invitation.objects.create()

    for person in (student, teacher, waiting_teacher, admin, deactivated):
        assert browser.get(page_of(person)).status_code == 200
        assert browser.get(f"{USERS}{person.pk}/password/").status_code == 200
    assert browser.get(page_of(student, "student")).status_code == 200
    assert browser.get(page_of(teacher, "teacher")).status_code == 200
    assert browser.get(page_of(invitation, "invitation")).status_code == 200


@pytest.mark.parametrize("address", ["/admin/", "/admin/accounts/", "/admin/admin/logentry/", "/admin/jsi18n/"])
def test_first_pages_and_the_log_open(browser, student, admin, address):
    record(admin, student, CHANGE, ["is_active"], "because")

    assert browser.get(address).status_code == 200


def test_groups_are_no_second_way_to_rights(browser):
    assert browser.get("/admin/auth/group/").status_code == 404
    assert b"auth/group" not in browser.get("/admin/").content


@pytest.mark.parametrize("address", ["/admin/", USERS, USERS + "add/", "/admin/admin/logentry/", "ask", "change"])
def test_pages_hold_under_a_policy_without_inline_code(browser, student, address):
    if address == "ask":
        response = act(browser, "deactivate", student)
    else:
        response = browser.get(page_of(student) if address == "change" else address)

    html = response.content.decode()
    assert response.status_code == 200
    assert "<style" not in html
    assert ' style="' not in html
    assert ' onclick="' not in html
    assert all(" src=" in tag.split(">")[0] for tag in html.split("<script")[1:])


def test_pages_carry_the_site_s_name_and_the_way_back_to_it(browser):
    html = browser.get("/admin/").content.decode()

    assert "Homeroom" in html
    assert 'href="/"' in html
    assert "css/admin.css" in html


# --- Lists ---


def queries_of(browser, address, django_assert_max_num_queries):
    with django_assert_max_num_queries(50) as queries:
        assert browser.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    ("address", "pinned"),
    [
        (USERS, 6),
        ("/admin/accounts/student/", 6),
        ("/admin/accounts/teacher/", 6),
        ("/admin/accounts/invitation/", 4),
        ("/admin/accounts/session/", 4),
        ("/admin/admin/logentry/", 6),
    ],
)
def test_a_list_asks_the_same_few_queries_whatever_its_length(
    browser, admin, as_, address, pinned, django_assert_max_num_queries
):
    def fill():
        for person in (StudentFactory(), TeacherFactory()):
            record(admin, person, CHANGE, ["is_active"])
            Invitation.objects.create(created_by=person)
            as_(person)

    fill()
    browser.get(address)
    short = queries_of(browser, address, django_assert_max_num_queries)
    for _row in range(5):
        fill()

    assert queries_of(browser, address, django_assert_max_num_queries) == short == pinned


def test_people_are_found_by_name_in_any_script_and_by_email(browser, student):
    StudentFactory(username="zoe", first_name="Ζωή", email="zoe@other.example")

    by_name = browser.get(USERS, {"q": "ζωή"}).content.decode()
    by_email = browser.get(USERS, {"q": "zoe@other"}).content.decode()

    for html in (by_name, by_email):
        assert "zoe@other.example" in html
        assert student.email not in html


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("waiting", {"mr.new"}),
        ("deactivated", {"gone"}),
        ("closed", {"former"}),
        ("active", {"sam", "mr.new", "head"}),
        ("nonsense", {"sam", "mr.new", "head", "gone", "former"}),
    ],
)
def test_people_are_filtered_by_state(browser, student, waiting_teacher, deactivated, state, expected):
    actions.close_account(StudentFactory(username="leaver"), student)

    found = browser.get(USERS, {"state": state}).context["cl"].result_list

    assert {person.username.split("-")[0] for person in found} == expected


def test_the_lists_of_one_role_show_no_other(browser, student, teacher):
    found = browser.get("/admin/accounts/student/").context["cl"].result_list

    assert list(found) == [Student.objects.get(pk=student.pk)]
    assert browser.get(page_of(teacher, "student")).status_code == 302


def test_autocomplete_names_people_without_their_email(browser, student, teacher):
    address = "/admin/autocomplete/?term=hale&app_label=posts&model_name=room&field_name=owner"

    response = browser.get(address)

    assert [found["text"] for found in response.json()["results"]] == ["ms.hale"]
    assert "@" not in response.content.decode()


def test_date_hierarchy_leads_down_to_a_day(browser, student):
    joined = student.date_joined

    years = browser.get("/admin/accounts/user/")
    day = browser.get(
        USERS,
        {"date_joined__year": joined.year, "date_joined__month": joined.month, "date_joined__day": joined.day},
    )

    assert f"date_joined__day={joined.day}" in years.content.decode()
    assert student in day.context["cl"].result_list


def test_date_hierarchy_lists_years_and_months_between_the_first_and_the_last(browser, student, teacher):
    User.objects.filter(pk=student.pk).update(date_joined="2023-11-05T12:00:00Z")
    User.objects.filter(pk=teacher.pk).update(date_joined="2024-02-07T12:00:00Z")

    years = browser.get(USERS, {"username__in": "sam,ms.hale"}).content.decode()
    months = browser.get(USERS, {"username__in": "sam", "date_joined__year": "2023"}).content.decode()

    assert "date_joined__year=2023" in years
    assert "date_joined__year=2024" in years
    assert "date_joined__month=11" in months
    assert "date_joined__month=12" not in months


@pytest.mark.parametrize("query", ["", "?date_joined__year=2023", "?date_joined__year=2023&date_joined__month=11"])
def test_date_hierarchy_calls_no_function_on_every_row(browser, student, query, django_assert_max_num_queries):
    User.objects.filter(pk=student.pk).update(date_joined="2023-11-05T12:00:00Z")

    with django_assert_max_num_queries(10) as queries:
        browser.get(USERS + query)

    assert not any("trunc" in captured["sql"].lower() for captured in queries)


# --- Bad input ---

BAD_QUERIES = [
    "q=%00", "p=99999999999999999999", "p=-1", "p=abc", "p=" + "9" * 5000, "o=99.-99.x", "o=" + "9" * 5000, "all=1",
    "id__exact=abc", "id__exact=" + "9" * 30, "id__exact=" + "9" * 5000, "date_joined__year=abc",
    "date_joined__year=0", "date_joined__year=99999", "date_joined__year=2025&date_joined__month=13",
    "date_joined__year=9999", "date_joined__month=5", "is_active__exact=maybe", "nothing=1", "role__exact=%F0%9F%90%B8",
    "q=%ED%A0%80", "q=" + "a+" * 500, "_to_field=id", "_to_field=password", "_popup=1", "e=1", "_facets=True",
]  # fmt: skip


@pytest.mark.parametrize("address", [USERS, "/admin/admin/logentry/", "/admin/autocomplete/"])
def test_nul_in_a_query_string_reaches_no_database(browser, address):
    for query in ("q=%00", "by=a%00", "term=%00", "%00=a"):
        assert browser.get(f"{address}?{query}").status_code == 400


@pytest.mark.parametrize("query", BAD_QUERIES, ids=lambda query: query[:40])
def test_no_query_string_breaks_the_list_of_people(browser, student, query):
    response = browser.get(f"{USERS}?{query}")

    assert response.status_code in (200, 302, 400)


@pytest.mark.parametrize("name", ["session_key__startswith=a", "user__id__exact=%00", "user=abc", "person=%00"])
def test_no_query_string_breaks_the_lists_of_sessions_and_of_the_log(browser, name):
    for address in ("/admin/accounts/session/", "/admin/admin/logentry/"):
        assert browser.get(f"{address}?{name}").status_code in (200, 302, 400)


@pytest.mark.parametrize("number", ["abc", "0", "-1", "9" * 30, "9" * 5000, "_00", "1_2F_2E"])
def test_no_number_in_an_address_breaks_the_page_of_a_person(browser, number):
    for rest in ("change/", "history/", "password/", "delete/"):
        assert browser.get(f"{USERS}{number}/{rest}").status_code in (302, 403, 404)


def test_garbage_in_the_change_form_is_said_beside_its_field_and_saved_nowhere(browser, student):
    garbage = {
        "username": "a\0b",
        "email": "nobody",
        "first_name": "x" * 151,
        "location": "x",
        "description": "short",
        "role": "admin",
        "is_superuser": "on",
    }

    response = browser.post(page_of(student), garbage)

    assert response.status_code == 200
    errors = response.context["adminform"].form.errors
    assert {"email", "first_name", "location", "description"} <= {*errors}
    student.refresh_from_db()
    assert (student.username, student.role, student.is_superuser) == ("sam", Role.STUDENT, False)
    assert not entries(student).exists()


def test_garbage_in_the_add_form_makes_nobody(browser):
    response = browser.post(
        USERS + "add/",
        {"username": "🐸 frog\0", "email": "ü@x.de", "role": "king", "password1": "a"},
    )

    assert response.status_code == 200
    assert {"username", "email", "role"} <= {*response.context["adminform"].form.errors}
    assert User.objects.count() == 1


@pytest.mark.parametrize("chosen", ["abc", "", "9" * 30, "-1", "1 OR 1=1", "\0", "²"])
def test_garbage_as_a_choice_changes_nothing(browser, student, chosen):
    response = browser.post(USERS, {"action": "approve", "_selected_action": chosen}, follow=True)

    assert response.status_code == 200
    assert "The selection is not valid. Nothing has been changed." in said(response)


@pytest.mark.parametrize("action", ["", "no_such_action", "delete_selected"])
def test_unknown_actions_change_nothing(browser, student, action):
    browser.post(USERS, {"action": action, "_selected_action": student.pk, "post": "yes"})

    assert User.objects.filter(pk=student.pk).exists()
    assert not LogEntry.objects.exists()


# --- Adding and changing ---


@pytest.mark.parametrize("taken", ["SAM", "sam", "Sam"])
def test_a_taken_name_is_an_error_beside_the_field_whatever_its_case(browser, student, classmate, taken):
    passwords = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}

    added = browser.post(USERS + "add/", {"username": taken, "email": "n@s.example", "role": "student", **passwords})

    assert added.status_code == 200
    assert added.context["adminform"].form.errors["username"] == ["This username is taken."]


def test_a_taken_email_is_an_error_beside_the_field_whatever_its_case(browser, student, classmate):
    response = browser.post(page_of(classmate), typed(classmate, email=student.email.upper()))

    assert "email" in response.context["adminform"].form.errors


def test_nobody_is_renamed_because_others_wrote_the_name(browser, student):
    browser.post(page_of(student), typed(student, username="somebody"))

    student.refresh_from_db()
    assert student.username == "sam"


def test_losing_the_race_for_a_name_is_a_form_error(browser, monkeypatch):
    def lose(request, view):
        monkeypatch.undo()
        StudentFactory(username="RACER")
        raise IntegrityError

    monkeypatch.setattr("accounts.admin.base.in_operation", lose)
    fields = {"username": "racer", "email": "r@s.example", "role": "student"}
    passwords = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}

    response = browser.post(USERS + "add/", fields | passwords)

    assert response.status_code == 200
    form = response.context["adminform"].form
    assert form.errors["username"] == ["This username is taken."]
    assert form["email"].value() == "r@s.example"


@pytest.mark.parametrize(
    ("role", "approved", "rights"), [("student", False, False), ("teacher", True, False), ("admin", True, True)]
)
def test_a_person_is_added_with_the_rights_of_their_role_and_one_entry(browser, admin, role, approved, rights):
    fields = {"username": "newcomer", "email": "New@School.example", "role": role}
    passwords = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}

    response = browser.post(USERS + "add/", fields | passwords)

    person = User.objects.get(username="newcomer")
    assert response.url == page_of(person)
    assert person.email == "new@school.example"
    assert (person.role, person.approved_at is not None, person.is_staff, person.is_superuser) == (
        role, approved, rights, rights,
    )  # fmt: skip
    assert person.check_password(PASSWORD)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.action_flag, entry.object_id) == (admin, ADDITION, str(person.pk))


@pytest.mark.parametrize(("model", "role"), [("student", "student"), ("teacher", "teacher")])
def test_a_person_added_through_a_role_s_list_has_that_role_whatever_was_sent(browser, model, role):
    fields = {"username": "newcomer", "email": "new@school.example", "role": "admin", "is_superuser": "on"}
    passwords = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}

    browser.post(f"/admin/accounts/{model}/add/", fields | passwords)

    person = User.objects.get(username="newcomer")
    assert (person.role, person.is_superuser) == (role, False)
    assert person.is_teacher == (role == "teacher")
    assert entries(person).count() == 1


def test_a_change_is_one_entry_with_its_actor_and_fields_also_through_a_proxy(browser, admin, student):
    browser.post(page_of(student, "student"), typed(student, first_name="Samuel", location="House Curie"))

    student.refresh_from_db()
    assert (student.first_name, student.location) == ("Samuel", "House Curie")
    entry = LogEntry.objects.get()
    assert entry.user == admin
    assert entry.content_type.model_class() is User
    assert set(fields_of(entry)) == {"first_name", "location"}


def test_saving_without_a_change_leaves_no_entry(browser, student):
    browser.post(page_of(student), typed(student))

    assert not LogEntry.objects.exists()


def test_rights_are_not_the_change_form_s_to_give(browser, student):
    sent = {"role": "admin", "is_staff": "on", "is_superuser": "on", "approved_at_0": "2025-01-01", "is_active": ""}

    browser.post(page_of(student), typed(student, **sent))

    student.refresh_from_db()
    assert (student.role, student.is_staff, student.is_superuser) == (Role.STUDENT, False, False)
    assert student.is_active
    assert not LogEntry.objects.exists()


def test_the_change_form_overwrites_nothing_that_it_did_not_change(browser, student, monkeypatch):
    real = actions.save_profile

    def meanwhile(user, *args, **kwargs):
        User.objects.filter(pk=user.pk).update(role=Role.TEACHER)
        return real(user, *args, **kwargs)

    monkeypatch.setattr(actions, "save_profile", meanwhile)

    browser.post(page_of(student), typed(student, first_name="Samuel"))

    student.refresh_from_db()
    assert (student.first_name, student.role) == ("Samuel", Role.TEACHER)


def test_a_picture_is_shown_and_can_be_removed(browser, admin, student):
    written = io.BytesIO()
    Image.new("RGB", (8, 8)).save(written, "WEBP")
    student.avatar.save("cat.webp", ContentFile(written.getvalue()))

    shown = browser.get(page_of(student)).content.decode()
    browser.post(page_of(student), typed(student, remove_picture="on"))

    assert student.avatar.url in shown
    student.refresh_from_db()
    assert not student.avatar
    assert fields_of(entries(student, user=admin).get()) == ["avatar"]


def test_an_invitation_is_made_by_who_made_it_and_recorded(browser, admin):
    browser.post("/admin/accounts/invitation/add/", {"note": "For Ada", "max_uses": 3})

    invitation = Invitation.objects.get()
    assert (invitation.created_by, invitation.max_uses, invitation.uses) == (admin, 3, 0)
    assert LogEntry.objects.get(action_flag=ADDITION).object_id == str(invitation.pk)


@pytest.mark.parametrize("number", ["-1", "9" * 30, "abc", ""])
def test_an_invitation_for_no_sensible_number_is_a_form_error(browser, number):
    response = browser.post("/admin/accounts/invitation/add/", {"note": "For Ada", "max_uses": number})

    assert response.status_code == 200
    assert "max_uses" in response.context["adminform"].form.errors


def test_deleting_an_invitation_is_recorded(browser, admin):
    invitation = Invitation.objects.create(note="For Ada")

    browser.post(f"/admin/accounts/invitation/{invitation.pk}/delete/", {"post": "yes"})

    assert not Invitation.objects.exists()
    entry = LogEntry.objects.get()
    assert (entry.user, entry.action_flag, entry.object_repr) == (admin, DELETION, "For Ada")


# --- Passwords ---


def test_setting_a_password_is_one_entry_and_ends_the_sessions(browser, admin, student, as_):
    theirs = as_(student)

    browser.post(f"{USERS}{student.pk}/password/", {"password1": "a brand new one", "password2": "a brand new one",
                                                    "usable_password": "true", "set-password": "1"})  # fmt: skip

    student.refresh_from_db()
    assert student.check_password("a brand new one")
    assert fields_of(entries(student, user=admin).get()) == ["password"]
    assert not student.sessions.exists()
    assert theirs.get("/account/").status_code == 302


def test_taking_a_password_away_is_recorded_too(browser, student):
    browser.post(f"{USERS}{student.pk}/password/", {"usable_password": "false", "unset-password": "1"})

    student.refresh_from_db()
    assert not student.has_usable_password()
    assert fields_of(entries(student).get()) == ["password"]


def test_an_administrator_who_sets_their_own_password_stays_signed_in(browser, admin, as_):
    elsewhere = as_(admin)

    browser.post(f"{USERS}{admin.pk}/password/", {"password1": "a brand new one", "password2": "a brand new one",
                                                  "usable_password": "true", "set-password": "1"})  # fmt: skip

    assert browser.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302


def test_a_password_that_is_no_good_is_a_form_error(browser, student):
    response = browser.post(f"{USERS}{student.pk}/password/", {"password1": "x", "password2": "y", "set-password": "1",
                                                               "usable_password": "true"})  # fmt: skip

    assert response.status_code == 200
    student.refresh_from_db()
    assert student.check_password(PASSWORD)
    assert not LogEntry.objects.exists()


# --- Bulk actions ---


def test_approving_waiting_teachers_happens_at_once(browser, admin, waiting_teacher, teacher, student):
    response = act(browser, "approve", waiting_teacher, teacher, student, address="/admin/accounts/user/")

    assert response.status_code == 302
    waiting_teacher.refresh_from_db()
    student.refresh_from_db()
    assert waiting_teacher.is_teacher
    assert not student.is_teacher
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, fields_of(entry)) == (admin, str(waiting_teacher.pk), ["approved_at"])


ASKING = ["revoke", "deactivate", "change_role", "end_sessions", "close"]


@pytest.mark.parametrize("action", ASKING)
def test_what_hurts_is_asked_first_with_the_people_named(browser, teacher, action):
    response = act(browser, action, teacher)

    html = response.content.decode()
    assert response.status_code == 200
    assert "ms.hale" in html
    assert 'name="reason"' in html
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("action", ASKING)
@pytest.mark.parametrize("reason", ["", "   ", "\u200b", "x" * 201])
def test_what_hurts_is_not_done_without_a_reason(browser, teacher, as_, action, reason):
    as_(teacher)

    response = act(browser, action, teacher, reason=reason, role="student")

    assert response.status_code == 200
    assert response.context["form"].errors["reason"]
    teacher.refresh_from_db()
    assert teacher.is_teacher
    assert teacher.is_active
    assert teacher.sessions.exists()
    assert not LogEntry.objects.exists()


def test_revoking_takes_the_powers_and_the_sessions_with_actor_and_reason(browser, admin, teacher, as_):
    theirs = as_(teacher)

    act(browser, "revoke", teacher, reason="Left the school")

    teacher.refresh_from_db()
    assert teacher.is_waiting
    assert theirs.get("/account/").status_code == 302
    entry = entries(teacher).get()
    assert (entry.user, fields_of(entry), reason_of(entry)) == (admin, ["approved_at"], "Left the school")


def test_deactivating_and_reactivating(browser, admin, student, as_):
    theirs = as_(student)

    act(browser, "deactivate", student, reason="Asked by the parents")
    student.refresh_from_db()
    kept_out = not student.is_active
    act(browser, "reactivate", student)

    student.refresh_from_db()
    assert kept_out
    assert student.is_active
    assert theirs.get("/account/").status_code == 302
    back, out = entries(student).order_by("-pk")
    assert (out.user, fields_of(out), reason_of(out)) == (admin, ["is_active"], "Asked by the parents")
    assert (back.user, fields_of(back)) == (admin, ["is_active"])


def test_changing_roles_moves_the_rights_along(browser, admin, student, classmate):
    act(browser, "change_role", student, classmate, role="admin", reason="They run the site now")

    for person in (student, classmate):
        person.refresh_from_db()
        assert (person.role, person.is_staff, person.is_superuser) == ("admin", True, True)
        entry = entries(person).get()
        assert (entry.user, reason_of(entry)) == (admin, "They run the site now")
        assert "role" in fields_of(entry)


@pytest.mark.parametrize("role", ["", "king", "\0"])
def test_a_role_that_does_not_exist_is_a_form_error(browser, student, role):
    response = act(browser, "change_role", student, role=role, reason="why not")

    assert response.status_code == 200
    assert response.context["form"].errors["role"]
    student.refresh_from_db()
    assert student.role == Role.STUDENT


def test_ending_sessions_signs_them_out_everywhere(browser, admin, student, as_):
    one, other = as_(student), as_(student)

    act(browser, "end_sessions", student, reason="A lost phone")

    assert one.get("/account/").status_code == 302
    assert other.get("/account/").status_code == 302
    entry = entries(student).get()
    assert (entry.user, fields_of(entry), reason_of(entry)) == (admin, ["sessions"], "A lost phone")


def test_ending_one_s_own_sessions_keeps_the_one_that_does_it(browser, admin, as_):
    elsewhere = as_(admin)

    response = act(browser, "end_sessions", admin, reason="A lost phone")

    assert response.status_code == 302
    assert browser.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302


def test_closing_accounts_takes_the_name_and_keeps_the_row(browser, admin, student):
    act(browser, "close", student, reason="Left the school")

    student.refresh_from_db()
    assert student.is_closed
    assert student.username == f"former-{student.pk}"
    entry = entries(student).get()
    assert (entry.user, entry.action_flag, reason_of(entry)) == (admin, DELETION, "Left the school")


@pytest.mark.parametrize("action", ["deactivate", "change_role", "close", "revoke"])
def test_administrators_leave_themselves_out(browser, admin, student, action):
    asked = act(browser, action, admin, student)
    alone = act(browser, action, admin, role="student", reason="Enough of it")

    assert asked.context["excluded"] == 1
    assert list(asked.context["listed"]) == [student]
    assert alone.status_code == 302
    admin.refresh_from_db()
    assert admin.is_active
    assert admin.is_superuser
    assert not LogEntry.objects.exists()


def test_closed_accounts_are_excluded_and_stay_as_they_are(browser, admin, student):
    actions.close_account(student, admin)
    LogEntry.objects.all().delete()

    for action in ("approve", "reactivate"):
        act(browser, action, student)
    for action in ("deactivate", "change_role", "close", "end_sessions"):
        act(browser, action, student, role="admin", reason="why not")
    saved = browser.post(page_of(student), typed(student, first_name="Sam"))

    student.refresh_from_db()
    assert saved.status_code == 403
    assert (student.is_active, student.role, student.first_name) == (False, Role.STUDENT, "")
    assert not LogEntry.objects.exists()


def test_the_question_is_asked_again_when_more_people_fit_by_then(browser, student):
    asked = browser.post(USERS + "?role__exact=student", {"action": "deactivate", "_selected_action": student.pk,
                                                          "select_across": "1"})  # fmt: skip
    late = StudentFactory()

    response = browser.post(
        USERS + "?role__exact=student",
        {"action": "deactivate", "_selected_action": student.pk, "select_across": "1", "reason": "Leavers",
         "confirmed": asked.context["number"]},
    )  # fmt: skip

    assert response.status_code == 200
    assert response.context["selection_changed"]
    late.refresh_from_db()
    assert late.is_active


def test_everybody_who_fits_a_filter_can_be_chosen_at_once(browser, student, classmate, teacher):
    browser.post(
        USERS + "?role__exact=student",
        {"action": "deactivate", "_selected_action": student.pk, "select_across": "1", "reason": "Leavers",
         "confirmed": 2},
    )  # fmt: skip

    assert set(User.objects.filter(is_active=False)) == {User.objects.get(pk=p.pk) for p in (student, classmate)}


def test_a_question_names_twenty_and_counts_the_rest(browser):
    people = StudentFactory.create_batch(25)

    response = act(browser, "deactivate", *people)

    assert len(response.context["listed"]) == 20
    assert "and 5 more" in response.content.decode()


def test_the_page_of_a_person_offers_what_makes_sense_for_them(browser, student, teacher, waiting_teacher, deactivated):
    def offered(person):
        return {name for name, _text in browser.get(page_of(person)).context["buttons"]}

    assert offered(student) == {"deactivate", "change_role", "end_sessions", "close"}
    assert offered(teacher) == {"revoke", "deactivate", "change_role", "end_sessions", "close"}
    assert "approve" in offered(waiting_teacher)
    assert "reactivate" in offered(deactivated)
    assert "deactivate" not in offered(deactivated)


def test_one_s_own_page_offers_nothing_that_locks_one_out(browser, admin):
    verbs = browser.get(page_of(admin)).context["buttons"]

    assert {name for name, _text in verbs} == {"end_sessions"}


def test_nobody_is_deleted(browser, student):
    page = browser.get(page_of(student)).content.decode()
    response = browser.post(f"{USERS}{student.pk}/delete/", {"post": "yes"})

    assert "/delete/" not in page
    assert response.status_code == 403
    assert User.objects.filter(pk=student.pk).exists()


# --- Staff who are no superusers ---


def test_staff_change_pupils_and_nobody_with_rights(as_, secretary, student, admin):
    browser = as_(secretary)
    other = UserFactory(username="porter", is_staff=True)

    changed = browser.post(page_of(student), typed(student, first_name="Samuel"))
    refused = [browser.post(page_of(person), typed(person, email="mine@x.example")) for person in (admin, other)]

    assert changed.status_code == 302
    assert [response.status_code for response in refused] == [403, 403]


def test_staff_cannot_take_an_administrator_s_password(as_, secretary, admin):
    sent = {"password1": "a brand new one", "password2": "a brand new one", "usable_password": "true"}

    response = as_(secretary).post(f"{USERS}{admin.pk}/password/", sent | {"set-password": "1"})

    assert response.status_code == 403
    admin.refresh_from_db()
    assert admin.check_password(PASSWORD)


def test_staff_cannot_make_administrators(as_, secretary, student):
    browser = as_(secretary)
    passwords = {"usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}

    added = browser.post(USERS + "add/", {"username": "evil", "email": "e@x.example", "role": "admin", **passwords})
    raised = act(browser, "change_role", student, role="admin", reason="why not")
    himself = act(browser, "change_role", secretary, role="admin", reason="why not")

    assert "role" in added.context["adminform"].form.errors
    assert "role" in raised.context["form"].errors
    assert himself.status_code == 302
    assert not User.objects.filter(role=Role.ADMIN).exists()
    assert not User.objects.filter(is_superuser=True).exists()


@pytest.mark.parametrize("action", ["deactivate", "change_role", "end_sessions", "close"])
def test_staff_do_nothing_to_administrators(as_, secretary, admin, action):
    as_(admin)

    act(as_(secretary), action, admin, role="student", reason="why not")

    admin.refresh_from_db()
    assert admin.is_active
    assert admin.is_superuser
    assert admin.sessions.exists()
    assert not LogEntry.objects.exists()


def test_staff_who_may_only_look_have_no_actions_and_see_no_hash(as_, student):
    viewer = UserFactory(username="viewer", is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename="view_user"))
    browser = as_(viewer)

    page = browser.get(page_of(student))
    act(browser, "deactivate", student, reason="why not")

    assert page.status_code == 200
    assert student.password not in page.content.decode()
    assert "buttons" not in page.context or not page.context["buttons"]
    student.refresh_from_db()
    assert student.is_active


def test_staff_without_a_permission_are_refused(as_, db, student):
    browser = as_(UserFactory(username="nobody1", is_staff=True))

    for address in (USERS, page_of(student), "/admin/accounts/session/", "/admin/admin/logentry/"):
        assert browser.get(address).status_code == 403


# --- Sessions ---


def test_the_list_of_sessions_holds_no_key(browser, student, as_):
    key = as_(student).session.session_key

    html = browser.get("/admin/accounts/session/").content.decode()

    assert "sam" in html
    assert session_handle(key) in html
    for session in Session.objects.all():
        assert session.pk not in html
        assert session.session_data not in html


@pytest.mark.parametrize("rest", ["change/", "delete/", "history/"])
def test_no_address_holds_a_session_s_key(browser, student, as_, rest):
    key = as_(student).session.session_key

    assert browser.get(f"/admin/accounts/session/{key}/{rest}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/admin/accounts/session/?session_key__startswith=a",
        "/admin/accounts/session/?session_data__contains=a",
        USERS + "?sessions__session_key__startswith=a",
        USERS + "?sessions__pk__startswith=a",
        USERS + "?password__startswith=a",
        "/admin/admin/logentry/?user__sessions__session_key__startswith=a",
        "/admin/admin/logentry/?user__password__startswith=a",
        "/admin/posts/post/?author__sessions__session_key__startswith=a",
        "/admin/posts/room/?owner__password__startswith=a",
    ],
)
def test_no_filter_tells_a_key_or_a_hash_letter_by_letter(browser, student, address):
    assert browser.get(address).status_code == 400


def test_one_session_is_ended_by_its_handle_with_a_reason(browser, admin, student, as_):
    one, other = as_(student), as_(student)
    chosen = {"action": "end", "_selected_action": session_handle(one.session.session_key)}

    asked = browser.post("/admin/accounts/session/", chosen)
    done = browser.post("/admin/accounts/session/", chosen | {"confirmed": 1, "reason": "A lost phone"})

    assert asked.status_code == 200
    assert all(session.pk not in asked.content.decode() for session in Session.objects.all())
    assert done.status_code == 302
    assert one.get("/account/").status_code == 302
    assert other.get("/account/").status_code == 200
    entry = entries(student).get()
    assert (entry.user, fields_of(entry), reason_of(entry)) == (admin, ["sessions"], "A lost phone")


def test_a_key_or_garbage_as_a_choice_of_session_ends_none(browser, student, as_):
    key = as_(student).session.session_key

    for chosen in (key, "abc", "\0", ""):
        browser.post(
            "/admin/accounts/session/", {"action": "end", "_selected_action": chosen, "confirmed": 1, "reason": "x"}
        )

    assert Session.objects.filter(pk=key).exists()


def test_the_session_that_asks_is_not_ended(browser, admin):
    key = browser.session.session_key

    browser.post(
        "/admin/accounts/session/",
        {"action": "end", "_selected_action": session_handle(key), "confirmed": 1, "reason": "x"},
    )

    assert Session.objects.filter(pk=key).exists()


def test_staff_do_not_end_an_administrator_s_session(as_, secretary, admin):
    key = as_(admin).session.session_key

    as_(secretary).post(
        "/admin/accounts/session/",
        {"action": "end", "_selected_action": session_handle(key), "confirmed": 1, "reason": "x"},
    )

    assert Session.objects.filter(pk=key).exists()


# --- The log ---

LOG = "/admin/admin/logentry/"


def test_the_log_tells_who_did_what_to_whom_when_and_why(browser, admin, teacher):
    act(browser, "revoke", teacher, reason="Left the school")

    html = browser.get(LOG).content.decode()

    assert "Left the school" in html
    assert page_of(teacher) in html
    assert f"{LOG}?by=head" in html
    assert ">approved<" in html


@pytest.mark.parametrize("query", ["by=HEAD", "about=sam", "kind=accounts.user&number={pk}", "q=parents", "q=is_active",
                                   "user__id__exact={admin}", "action_flag__exact=2"])  # fmt: skip
def test_the_trail_is_filtered_by_person_kind_deed_and_words(browser, admin, student, classmate, query):
    record(admin, student, CHANGE, ["is_active"], "Asked by the parents")
    record(classmate, classmate, ADDITION)

    found = browser.get(f"{LOG}?{query.format(pk=student.pk, admin=admin.pk)}").context["cl"].result_list

    assert [entry.object_id for entry in found] == [str(student.pk)]


@pytest.mark.parametrize("query", ["by=nobody", "about=nobody", "number=99999999", "number=x", "about=%F0%9F%90%B8"])
def test_a_filter_that_fits_nothing_shows_nothing(browser, admin, student, query):
    record(admin, student, CHANGE, ["is_active"])

    assert not browser.get(f"{LOG}?{query}").context["cl"].result_list


def test_a_typed_filter_keeps_the_other_filters_and_escapes_what_was_typed(browser, admin, student):
    response = browser.get(LOG, {"by": '"><b>', "kind": "accounts.user", "q": "x"})

    by = response.context["cl"].filter_specs[1]
    html = response.content.decode()
    assert sorted(by.other_filters) == [("kind", "accounts.user"), ("q", "x")]
    assert '<input type="hidden" name="kind" value="accounts.user">' in html
    assert '"><b>' not in html


@pytest.mark.parametrize("model", ["user", "student"])
def test_history_of_a_person_is_their_part_of_the_trail_whichever_list_one_came_from(browser, student, model):
    browser.post(page_of(student, "student"), typed(student, first_name="Samuel"))

    response = browser.get(reverse(f"admin:accounts_{model}_history", args=[student.pk]), follow=True)

    assert response.status_code == 200
    assert [entry.object_id for entry in response.context["cl"].result_list] == [str(student.pk)]


def test_pages_and_lists_of_people_lead_to_both_sides_of_their_trail(browser, student):
    for address in (page_of(student), USERS):
        html = browser.get(address).content.decode()

        assert f"{LOG}?by=sam" in html
        assert f"number={student.pk}" in html


def test_the_log_is_read_only(browser, admin, student):
    record(admin, student, CHANGE, ["is_active"])
    entry = LogEntry.objects.get()

    page = browser.get(f"{LOG}{entry.pk}/change/")
    changed = browser.post(f"{LOG}{entry.pk}/change/", {"action_flag": 1})
    deleted = browser.post(f"{LOG}{entry.pk}/delete/", {"post": "yes"})
    added = browser.get(f"{LOG}add/")
    browser.post(LOG, {"action": "delete_selected", "_selected_action": entry.pk, "post": "yes"})

    assert page.status_code == 200
    assert [response.status_code for response in (changed, deleted, added)] == [403, 403, 403]
    assert LogEntry.objects.get().action_flag == CHANGE


@pytest.mark.parametrize("message", ["", "plain words", "[", "{}", "[1]", '[{"changed": 3}]', '[{"added": {}}]'])
def test_an_entry_of_any_shape_can_be_read(browser, admin, student, message):
    record(admin, student, CHANGE)
    LogEntry.objects.update(change_message=message)

    assert browser.get(LOG).status_code == 200


@pytest.mark.parametrize("action", [ADDITION, CHANGE, DELETION])
def test_every_kind_of_entry_has_a_page_of_its_own(browser, admin, student, action):
    record(admin, student, action, reason="because")

    response = browser.get(f"{LOG}{LogEntry.objects.get().pk}/change/")

    assert response.status_code == 200
    assert "because" in response.content.decode()


def test_an_entry_about_a_model_that_is_gone_can_be_read(browser, admin, student):
    record(admin, student, CHANGE, ["is_active"])
    LogEntry.objects.update(content_type=ContentType.objects.create(app_label="old", model="thing"))
    gone = browser.get(LOG)
    LogEntry.objects.update(content_type=None)

    assert gone.status_code == 200
    assert browser.get(LOG).status_code == 200


def test_administrators_are_made_by_administrators_only(browser):
    AdminFactory(username="second")

    assert "admin" in dict(browser.get(USERS + "add/").context["adminform"].form.fields["role"].choices)


def test_one_trail_holds_what_a_person_did_and_what_was_done_to_them(browser, admin, student, classmate):
    record(student, classmate, CHANGE, ["location"])
    record(admin, student, CHANGE, ["role"], "why not")
    record(admin, classmate, CHANGE, ["description"])

    page = browser.get("/admin/admin/logentry/?person=SAM")

    assert [(entry.user_id, entry.object_id) for entry in page.context["cl"].result_list] == [
        (admin.pk, str(student.pk)),
        (student.pk, str(classmate.pk)),
    ]
