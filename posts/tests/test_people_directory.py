"""Directories, profiles and popovers: whom one finds, and what of them one sees."""

import re

import pytest
from django.utils import timezone

from accounts.tests.factories import StudentFactory, TeacherFactory
from posts.tests.factories import PostFactory
from posts.tests.support import html_of, post_ids_in


def found(page):
    """List the usernames in a directory."""
    return re.findall(r'data-popover="/users/([^/]+)/popover/"', page.partition('<ul class="people">')[2])


def test_students_are_listed_by_name_and_teachers_apart(
    client_for, student, classmate, teacher, pending_teacher, admin
):
    client = client_for(student)

    assert found(html_of(client.get("/students/"))) == ["kim", "sam"]
    assert found(html_of(client.get("/teachers/"))) == ["mr.new", "ms.hale"]
    assert "teacher, waiting" in html_of(client.get("/teachers/"))


def test_who_is_gone_is_not_listed(client_for, student, admin, deactivated):
    StudentFactory(username="former", is_active=False, closed_at=timezone.now())

    assert found(html_of(client_for(student).get("/students/"))) == ["sam"]
    assert "former" not in found(html_of(client_for(admin).get("/students/")))


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("kim", ["kim"]),
        ("KIM", ["kim"]),
        ("lun", ["kim"]),
        ("kim lund", ["kim"]),
        ("lund kim", ["kim"]),
        ("kim okafor", []),
        ("  sam  ", ["sam"]),
        ("møller", ["m-ller"]),
        ("MØLLER", ["m-ller"]),
        ("美", ["mei"]),
        ("%", []),
        ("_", []),
        ("'; drop table", []),
        ("kim\x00", ["kim"]),
        ("", ["kim", "m-ller", "mei", "sam"]),
    ],
)
def test_search(client_for, student, classmate, wanted, names):
    StudentFactory(username="m-ller", last_name="Møller")
    StudentFactory(username="mei", first_name="美玲")

    answer = client_for(student).get("/students/", {"q": wanted})

    assert found(html_of(answer)) == names


def test_search_never_looks_into_addresses(client_for, student, teacher, classmate):
    for person in (student, teacher):
        assert found(html_of(client_for(person).get("/students/", {"q": "school.example"}))) == []


def test_search_that_is_too_long_says_so(client_for, student):
    page = html_of(client_for(student).get("/students/", {"q": "x" * 61}))

    assert "Ensure this value has at most 60 characters" in page


def test_directory_is_paged_and_keeps_the_search(client_for, student, settings):
    settings.PEOPLE_PER_PAGE = 5
    everybody = {student.username} | {person.username for person in StudentFactory.create_batch(11)}
    client = client_for(student)

    pages = [html_of(client.get("/students/", {"page": number})) for number in (1, 2, 3)]
    searched = html_of(client.get("/students/", {"q": "person"}))

    listed = [name for page in pages for name in found(page)]
    assert len(listed) == len(everybody) == len(set(listed))
    assert set(listed) == everybody
    assert "12 people" in pages[0]
    assert 'href="?q=person&amp;page=2"' in searched


@pytest.mark.parametrize("page", ["abc", "-1", "0", "9" * 5000, "1.5", "\x00"])
def test_page_that_is_none_shows_one_that_is(client_for, student, page):
    assert client_for(student).get("/students/", {"page": page}).status_code == 200


def test_profile_is_found_in_any_case(client_for, student, classmate):
    assert "Kim Lund" in html_of(client_for(student).get("/users/KIM/"))


def test_profile_pages_through_posts(client_for, student, classmate):
    posts = PostFactory.create_batch(45, author=classmate)
    client, path, shown = client_for(student), "/users/kim/", []

    while path:
        page = html_of(client.get(path))
        shown += [int(pk) for pk in re.findall(r'<a href="/posts/(\d+)/">', page)]
        older = re.search(r'rel="next" href="([^"]+)"', page)
        path = older and f"/users/kim/{older[1]}"

    assert shown == [post.pk for post in reversed(posts)]


@pytest.mark.parametrize("before", ["abc", "-1", "9" * 5000, "\x00", "٣"])
def test_profile_with_a_cursor_that_is_none_shows_the_newest(client_for, student, before):
    post = PostFactory(author=student)

    assert f"/posts/{post.pk}/" in html_of(client_for(student).get("/users/sam/", {"before": before}))


def test_popover_is_a_fragment_of_what_one_may_see(client_for, student, classmate):
    classmate.location, classmate.description = "House Lund", "I like chess\nand tea"
    classmate.save()

    page = html_of(client_for(student).get("/users/kim/popover/"))

    assert "<html" not in page
    for shown in ("Kim Lund", "@kim", "student", "House Lund", "I like chess<br>and tea", "Member since", "Posts"):
        assert shown in page
    assert post_ids_in(page) == []


# --- Addresses ---

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


def test_somebody_deactivated_is_named_in_the_talk_and_linked_nowhere(client_for, student, deactivated, common_room):
    PostFactory(room=common_room, author=deactivated, body="I was here")

    page = client_for(student).get("/rooms/common/").content.decode()

    assert "I was here" in page
    assert "/users/gone/" not in page


def test_search_finds_a_name_as_it_is_shown(client_for, student, classmate):
    assert found(html_of(client_for(student).get("/students/?q=@kim"))) == ["kim"]


def test_profile_says_who_it_is_before_what_they_wrote(client_for, student, classmate, common_room):
    PostFactory(author=classmate, room=common_room, body="What I wrote")

    page = html_of(client_for(student).get("/users/kim/"))

    assert page.index("<h1>") < page.index("@kim") < page.index("What I wrote")


# --- Replies on a profile ---


def test_profile_shows_to_whom_a_post_replies(client_for, student, classmate, common_room):
    parent = PostFactory(author=classmate, room=common_room)
    PostFactory(author=student, room=common_room, reply_to=parent)
    PostFactory(author=student, room=common_room)

    assert html_of(client_for(student).get("/users/sam/")).count("in reply to kim") == 1


def test_profile_does_not_name_a_user_who_left_as_the_one_replied_to(client_for, student, classmate, common_room):
    PostFactory(author=student, room=common_room, reply_to=PostFactory(author=classmate, room=common_room))
    type(classmate).objects.filter(pk=classmate.pk).update(is_active=False, closed_at=timezone.now())

    assert "in reply to" not in html_of(client_for(student).get("/users/sam/"))


def test_number_of_posts_is_counted_up_to_a_limit(client_for, student, classmate, common_room, monkeypatch):
    monkeypatch.setattr("posts.views.people.MAX_POST_COUNT", 2)
    client = client_for(student)
    pages = []
    for _number in range(3):
        PostFactory(author=classmate)
        pages.append(client.get("/users/kim/popover/").content.decode())

    assert ["<dd>1</dd>" in pages[0], "<dd>2</dd>" in pages[1], "<dd>2+</dd>" in pages[2]] == [True] * 3
