"""Email addresses are visible to their owner, teachers and administrators."""

import pytest

from accounts.tests.factories import TeacherFactory
from posts.tests.support import html_of

PUPILS_ADDRESS = "kim@school.example"
PATHS = [
    "/students/", "/students/?q=kim", "/students/?q=kim%40school.example", "/teachers/", "/users/kim/",
    "/users/kim/popover/", "/rooms/", "/rooms/chemistry/", "/rooms/common/", "/rooms/chemistry/updates/?after=0",
    "/notifications/", "/account/", "/account/export/", "/account/sessions/",
]  # fmt: skip


@pytest.mark.parametrize("viewer", ["student", "outsider", "pending_teacher"])
def test_pupils_address_is_on_no_page_of_another_pupil_nor_of_a_waiting_teacher(client_for, request, room_post, viewer):
    person = request.getfixturevalue(viewer)
    client = client_for(person)

    for path in [*PATHS, client.get("/home/")["Location"], f"/posts/{room_post.pk}/delete/"]:
        page = html_of(client.get(path)).replace('value="kim@school.example"', "").replace("“kim@school.example”", "")
        assert PUPILS_ADDRESS not in page, path


@pytest.mark.parametrize("viewer", ["classmate", "teacher", "admin"])
@pytest.mark.parametrize("path", ["/users/kim/", "/users/kim/popover/"])
def test_pupils_address_is_seen_by_its_owner_teachers_and_administrators(client_for, request, room_post, viewer, path):
    assert PUPILS_ADDRESS in html_of(client_for(request.getfixturevalue(viewer)).get(path))


def test_teacher_whose_approval_was_revoked_sees_no_address_any_more(client_for, teacher, classmate):
    client = client_for(teacher)
    teacher.approved_at = None
    teacher.save()

    assert PUPILS_ADDRESS not in html_of(client.get("/users/kim/"))


def test_teachers_address_is_not_shown_to_pupils(client_for, student):
    teacher = TeacherFactory(username="mr.oak")

    assert teacher.email not in html_of(client_for(student).get("/users/mr.oak/"))
