"""Email addresses are visible to their owner, teachers and administrators."""

import pytest

from accounts.tests.factories import TeacherFactory
from posts.tests.support import html_of

STUDENT_EMAIL = "kim@school.example"
PATHS = [
    "/students/",
    "/students/?q=kim",
    "/students/?q=kim%40school.example",
    "/teachers/",
    "/users/kim/",
    "/users/kim/popover/",
    "/rooms/",
    "/rooms/chemistry/",
    "/rooms/common/",
    "/rooms/chemistry/updates/?after=0",
    "/notifications/",
    "/account/",
    "/account/export/",
    "/account/sessions/",
]


@pytest.mark.guarantee("emails")
@pytest.mark.parametrize("viewer", ["student", "outsider", "pending_teacher"])
def test_student_email_is_hidden_from_students_and_pending_teachers(client_for, request, room_post, viewer):
    user = request.getfixturevalue(viewer)
    client = client_for(user)

    for path in [*PATHS, client.get("/home/")["Location"], f"/posts/{room_post.pk}/delete/"]:
        page = html_of(client.get(path)).replace('value="kim@school.example"', "").replace("“kim@school.example”", "")
        assert STUDENT_EMAIL not in page, path
    assert STUDENT_EMAIL not in html_of(client.post("/account/export/"))


@pytest.mark.parametrize("viewer", ["classmate", "teacher", "admin"])
@pytest.mark.parametrize("path", ["/users/kim/", "/users/kim/popover/"])
def test_student_email_is_visible_to_owner_teachers_and_administrators(client_for, request, room_post, viewer, path):
    assert STUDENT_EMAIL in html_of(client_for(request.getfixturevalue(viewer)).get(path))


def test_student_email_is_hidden_from_a_teacher_with_revoked_approval(client_for, teacher, classmate):
    client = client_for(teacher)
    teacher.approved_at = None
    teacher.save()

    assert STUDENT_EMAIL not in html_of(client.get("/users/kim/"))


def test_teacher_email_is_hidden_from_students(client_for, student):
    teacher = TeacherFactory(username="mr.oak")

    assert teacher.email not in html_of(client_for(student).get("/users/mr.oak/"))
