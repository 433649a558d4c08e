"""Pages of the admin."""

import pytest
from django.contrib.admin.models import CHANGE

from accounts.audit import record
from accounts.models import Invitation
from accounts.models.throttle import Kind
from accounts.tests.admin import USERS, change_url, run_action
from accounts.tests.factories import StudentFactory, TeacherFactory
from accounts.tests.throttling import exhaust
from accounts.throttling import counter

LISTS = ["user", "student", "teacher", "invitation", "session", "throttle"]


@pytest.mark.parametrize("name", LISTS)
def test_list_opens(admin_client, student, pending_teacher, deactivated, name):
    Invitation.objects.create(note="For the new maths teacher")

    response = admin_client.get(f"/admin/accounts/{name}/")

    assert response.status_code == 200


@pytest.mark.parametrize("name", ["user", "student", "teacher", "invitation"])
def test_add_page_opens(admin_client, name):
    assert admin_client.get(f"/admin/accounts/{name}/add/").status_code == 200


def test_change_page_opens(admin_client, student, teacher, pending_teacher, admin, deactivated):
    invitation = Invitation.objects.create()

    for person in (student, teacher, pending_teacher, admin, deactivated):
        assert admin_client.get(change_url(person)).status_code == 200
        assert admin_client.get(f"{USERS}{person.pk}/password/").status_code == 200
    assert admin_client.get(change_url(student, "student")).status_code == 200
    assert admin_client.get(change_url(teacher, "teacher")).status_code == 200
    assert admin_client.get(change_url(invitation, "invitation")).status_code == 200


@pytest.mark.parametrize("address", ["/admin/", "/admin/accounts/", "/admin/admin/logentry/", "/admin/jsi18n/"])
def test_index_and_audit_log_open(admin_client, student, admin, address):
    record(admin, student, CHANGE, ["is_active"], "because")

    assert admin_client.get(address).status_code == 200


def test_groups_are_not_registered(admin_client):
    assert admin_client.get("/admin/auth/group/").status_code == 404
    assert b"auth/group" not in admin_client.get("/admin/").content


@pytest.mark.parametrize("address", ["/admin/", USERS, USERS + "add/", "/admin/admin/logentry/", "ask", "change"])
def test_page_has_no_inline_scripts_or_styles(admin_client, student, address):
    if address == "ask":
        response = run_action(admin_client, "deactivate", student)
    else:
        response = admin_client.get(change_url(student) if address == "change" else address)

    html = response.content.decode()
    assert response.status_code == 200
    assert "<style" not in html
    assert ' style="' not in html
    assert ' onclick="' not in html
    assert all(" src=" in tag.split(">")[0] for tag in html.split("<script")[1:])


def test_page_links_to_the_site(admin_client):
    html = admin_client.get("/admin/").content.decode()

    assert "Homeroom" in html
    assert 'href="/"' in html
    assert "css/admin.css" in html


def count_queries(admin_client, address, django_assert_max_num_queries):
    with django_assert_max_num_queries(50) as queries:
        assert admin_client.get(address).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    ("address", "pinned"),
    [
        (USERS, 4),
        ("/admin/accounts/student/", 4),
        ("/admin/accounts/teacher/", 4),
        ("/admin/accounts/invitation/", 4),
        ("/admin/accounts/session/", 4),
        ("/admin/accounts/throttle/", 4),
        ("/admin/admin/logentry/", 6),
    ],
)
def test_query_count_does_not_depend_on_list_length(
    admin_client, admin, client_for, address, pinned, django_assert_max_num_queries
):
    def fill():
        for person in (StudentFactory(), TeacherFactory()):
            record(admin, person, CHANGE, ["is_active"])
            Invitation.objects.create(created_by=person)
            client_for(person)
            exhaust(counter(Kind.PASSWORD, person.pk))

    fill()
    admin_client.get(address)
    short = count_queries(admin_client, address, django_assert_max_num_queries)
    for _row in range(5):
        fill()

    assert count_queries(admin_client, address, django_assert_max_num_queries) == short == pinned
