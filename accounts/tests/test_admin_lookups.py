"""Query strings of the lists in the admin: a list accepts only what its own filters, search and pages produce."""

import pytest
from django.contrib.admin.models import CHANGE

from accounts.audit import record
from accounts.models import Invitation
from accounts.tests.admin import LOG, USERS
from posts.tests.admin import MEMBERSHIPS, NOTIFICATIONS, POSTS, ROOMS
from posts.tests.factories import NotificationFactory, PostFactory

SESSIONS = "/admin/accounts/session/"
LISTS = [
    USERS,
    "/admin/accounts/student/",
    "/admin/accounts/teacher/",
    "/admin/accounts/invitation/",
    SESSIONS,
    "/admin/accounts/throttle/",
    LOG,
    ROOMS,
    MEMBERSHIPS,
    POSTS,
    NOTIFICATIONS,
]
NINES = "9" * 5000

# Fields, lookups and values that no filter has.
REFUSED = [
    "body__regex=[",
    "body__regex=redos(a%2B)%2B$",
    "body__iregex=(",
    "body__contains=a",
    "username__regex=[",
    "note__regex=[",
    "name__iregex=(",
    "object_repr__regex=[",
    "user_agent__regex=[",
    "role__regex=[",
    "state__regex=[",
    "kind__regex=[",
    "created_at__regex=[",
    "date_joined__regex=[",
    "id=abc",
    "id__exact=1",
    f"id__exact={NINES}",
    "id__in=1,x",
    "pk__in=1",
    "pk__gt=-1",
    "user__id__exact=1",
    f"room__id__exact={NINES}",
    "author__password=a",
    "author__sessions__session_key__startswith=a",
    "user__password__startswith=a",
    "password__startswith=a",
    "sessions__pk__startswith=a",
    "session_key__startswith=a",
    "session_data__contains=a",
    "is_active__exact=maybe",
    "nothing=1",
    "__=1",
    "=1",
    "%00=1",
    "role__exact=nonsense",
    "role__exact=%F0%9F%90%B8",
    "role__isnull=1",
    "state__exact=nonsense",
    "state=nonsense",
    "state=",
    "state=%00",
    "kind__exact=nonsense",
    "kind=nonsense",
    "action_flag__exact=9",
    "action_flag__exact=x",
    "read=maybe",
    "room=%00",
    "person=a%00",
    "by=a%00",
    "number=%00",
    "date_joined__year=abc",
    "date_joined__gte=abc",
    "date_joined__gte=",
    "date_joined__gte=%00",
    "date_joined__gte=2025-02-30",
    "date_joined__gte=2025-13-01 00:00",
    f"date_joined__gte={NINES}",
    "created_at__gte=abc",
    "created_at__year=2025&created_at__month=x",
    "created_at__date=2025-01-01",
    "action_time__gte=abc",
    "_to_field=password",
    "_to_field=nothing",
    "_to_field=%00",
]
ACCEPTED = [
    "",
    "e=1",
    "q=%00",
    "q=%ED%A0%80",
    "q=" + "a+" * 500,
    "q=[",
    "q=\u202e",
    f"q={NINES}",
    "q=%25",
    "p=abc",
    "p=1",
    f"p={NINES}",
    "o=9.9",
    "o=99.-99.x",
    f"o={NINES}",
    "o=-1.1",
    "o=0",
    "o=1.2.3.4.5",
    "all=",
    "all=1",
    "_popup=1",
    "_popup=x&_to_field=",
    "_facets=True",
]


@pytest.fixture
def rows(admin, student, teacher):
    """Put an object into each list."""
    record(admin, student, CHANGE, ["location"])
    Invitation.objects.create(note="For Ada")
    NotificationFactory(recipient=student, post=PostFactory(author=teacher))


@pytest.mark.guarantee("lookups")
@pytest.mark.parametrize("query", REFUSED, ids=lambda query: query[:50])
def test_refused_query_string_redirects_to_the_whole_list(admin_client, query):
    for address in LISTS:
        response = admin_client.get(f"{address}?{query}")

        assert (response.status_code, response.get("Location")) == (302, f"{address}?e=1"), address


@pytest.mark.django_db(transaction=True)  # so that an error of the database does not end the test's transaction
@pytest.mark.parametrize("value", ["0001-01-01 00:00:00%2B23:59", "9999-12-31 23:59:59-23:59"])
@pytest.mark.parametrize("parameter", ["date_joined__lt", "created_at__gte", "action_time__lt"])
def test_date_out_of_range_redirects_to_the_whole_list(admin_client, parameter, value):
    for address in LISTS:
        assert admin_client.get(f"{address}?{parameter}={value}").status_code == 302


@pytest.mark.parametrize("query", ACCEPTED, ids=lambda query: query[:50])
def test_accepted_query_string_shows_the_list(admin_client, rows, query):
    for address in LISTS:
        assert admin_client.get(f"{address}?{query}").status_code == 200, address


@pytest.mark.parametrize("address", LISTS)
def test_every_link_of_a_list_works(admin_client, rows, address):
    changelist = admin_client.get(address).context["cl"]
    choices = [choice for spec in changelist.filter_specs for choice in spec.choices(changelist)]

    for choice in choices:
        assert admin_client.get(address + choice["query_string"]).status_code == 200, choice


@pytest.mark.parametrize(
    ("address", "query", "number"),
    [
        (USERS, "role__exact=student", 1),
        (USERS, "role__exact=student&role__exact=teacher", 2),
        (MEMBERSHIPS, "state__exact=member&person=sam", 1),
        (LOG, "action_flag__exact=2", 1),
        (LOG, "person=sam", 1),
        (SESSIONS, "person=head", 1),
        (SESSIONS, "person=sam", 0),
        (NOTIFICATIONS, "read=no", 1),
        (POSTS, "created_at__gte=2020-01-01 00:00:00%2B01:00", 1),
        (POSTS, "created_at__lt=2020-01-01 00:00%2B01:00", 0),
    ],
)
def test_filter_narrows_the_list(admin_client, rows, address, query, number):
    assert admin_client.get(f"{address}?{query}").context["cl"].result_count == number


def test_popup_to_change_a_related_object_opens(admin_client, teacher):
    assert admin_client.get(f"{USERS}{teacher.pk}/change/?_to_field=id&_popup=1").status_code == 200
    assert admin_client.get(f"{USERS}add/?_to_field=id&_popup=1").status_code == 200


@pytest.mark.parametrize(
    "query",
    ["expires_at=abc", "max_uses=x", "note=%00", "user=abc", "room=%00", "owner=9", "_popup=1"],
)
def test_values_in_the_address_of_an_add_page_are_ignored(admin_client, query):
    for address in (USERS, "/admin/accounts/invitation/", ROOMS, MEMBERSHIPS):
        assert admin_client.get(f"{address}add/?{query}").status_code == 200


def test_nul_in_autocomplete_is_ignored(admin_client, teacher):
    address = "/admin/autocomplete/?app_label=posts&model_name=room&field_name=owner&term=ha%00le"

    assert [found["text"] for found in admin_client.get(address).json()["results"]] == [teacher.username]
