"""The audit log in the admin."""

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from accounts.audit import record
from accounts.tests.admin import LOG, USERS, change_url, form_data, run_action


def test_audit_log_shows_actor_item_and_reason(admin_client, admin, teacher):
    run_action(admin_client, "revoke", teacher, reason="Left the school")

    html = admin_client.get(LOG).content.decode()

    assert "Left the school" in html
    assert change_url(teacher) in html
    assert f"{LOG}?by=head" in html
    assert ">approved<" in html


@pytest.mark.parametrize(
    "query",
    ["by=HEAD", "about=sam", "kind=accounts.user&number={pk}", "q=parents", "q=is_active", "action_flag__exact=2"],
)
def test_audit_log_is_filtered(admin_client, admin, student, classmate, query):
    record(admin, student, CHANGE, ["is_active"], "Asked by the parents")
    record(classmate, classmate, ADDITION)

    found = admin_client.get(f"{LOG}?{query.format(pk=student.pk)}").context["cl"].result_list

    assert [entry.object_id for entry in found] == [str(student.pk)]


@pytest.mark.parametrize("query", ["by=nobody", "about=nobody", "number=99999999", "number=x", "about=%F0%9F%90%B8"])
def test_filter_without_match_shows_nothing(admin_client, admin, student, query):
    record(admin, student, CHANGE, ["is_active"])

    assert not admin_client.get(f"{LOG}?{query}").context["cl"].result_list


def test_text_filter_preserves_other_filters_and_escapes_text(admin_client, admin, student):
    response = admin_client.get(LOG, {"by": '"><b>', "kind": "accounts.user", "q": "x"})

    html = response.content.decode()
    assert '<input type="hidden" name="q" value="x">' in html
    assert '<input type="hidden" name="kind" value="accounts.user">' in html
    assert '"><b>' not in html


@pytest.mark.parametrize("model", ["user", "student"])
def test_history_redirects_to_audit_log_of_user(admin_client, student, model):
    admin_client.post(change_url(student, "student"), form_data(student, first_name="Samuel"))

    response = admin_client.get(reverse(f"admin:accounts_{model}_history", args=[student.pk]), follow=True)

    assert response.status_code == 200
    assert [entry.object_id for entry in response.context["cl"].result_list] == [str(student.pk)]


def test_user_pages_link_to_audit_log(admin_client, student):
    for address in (change_url(student), USERS):
        html = admin_client.get(address).content.decode()

        assert f"{LOG}?by=sam" in html
        assert f"number={student.pk}" in html


def test_audit_log_is_read_only(admin_client, admin, student):
    record(admin, student, CHANGE, ["is_active"])
    entry = LogEntry.objects.get()

    page = admin_client.get(f"{LOG}{entry.pk}/change/")
    changed = admin_client.post(f"{LOG}{entry.pk}/change/", {"action_flag": 1})
    deleted = admin_client.post(f"{LOG}{entry.pk}/delete/", {"post": "yes"})
    added = admin_client.get(f"{LOG}add/")
    admin_client.post(LOG, {"action": "delete_selected", "_selected_action": entry.pk, "post": "yes"})

    assert page.status_code == 200
    assert [response.status_code for response in (changed, deleted, added)] == [403, 403, 403]
    assert LogEntry.objects.get().action_flag == CHANGE


@pytest.mark.parametrize("message", ["", "plain words", "[", "{}", "[1]", '[{"changed": 3}]', '[{"added": {}}]'])
def test_entry_with_unknown_message_is_shown(admin_client, admin, student, message):
    record(admin, student, CHANGE)
    LogEntry.objects.update(change_message=message)

    assert admin_client.get(LOG).status_code == 200


@pytest.mark.parametrize("action", [ADDITION, CHANGE, DELETION])
def test_entry_has_a_page(admin_client, admin, student, action):
    record(admin, student, action, reason="because")

    response = admin_client.get(f"{LOG}{LogEntry.objects.get().pk}/change/")

    assert response.status_code == 200
    assert "because" in response.content.decode()


def test_entry_about_deleted_model_is_shown(admin_client, admin, student):
    record(admin, student, CHANGE, ["is_active"])
    LogEntry.objects.update(content_type=ContentType.objects.create(app_label="old", model="thing"))
    gone = admin_client.get(LOG)
    LogEntry.objects.update(content_type=None)

    assert gone.status_code == 200
    assert admin_client.get(LOG).status_code == 200


def test_person_filter_shows_actions_of_and_about_user(admin_client, admin, student, classmate):
    record(student, classmate, CHANGE, ["location"])
    record(admin, student, CHANGE, ["role"], "why not")
    record(admin, classmate, CHANGE, ["description"])

    page = admin_client.get("/admin/admin/logentry/?person=SAM")

    assert [(entry.user_id, entry.object_id) for entry in page.context["cl"].result_list] == [
        (admin.pk, str(student.pk)),
        (student.pk, str(classmate.pk)),
    ]
