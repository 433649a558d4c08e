"""A demo school: the same each time, like a school's, and never where it does not belong."""

import io
import itertools
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import ADDITION, DELETION, LogEntry
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, Student, Teacher, User
from accounts.tests.factories import StudentFactory
from accounts.text import clean_line, clean_text
from posts import access
from posts.management.commands.populate import PASSWORD
from posts.markup import names_in
from posts.models import Membership, Notification, Post, Room
from posts.views.conversation import list_rooms

pytestmark = pytest.mark.django_db

UNTIL = "2026-03-20T15:30+00:00"
END = datetime(2026, 3, 20, 15, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_this_machine(settings):
    """Nobody else reaches the site that these tests fill."""
    settings.ALLOWED_HOSTS = ["localhost"]


def populate(**options):
    """Run the command on a small school, unless told otherwise; return what it printed."""
    out = io.StringIO()
    numbers = {"students": 12, "teachers": 4, "posts": 250, "seed": 3, "until": UNTIL}
    call_command("populate", stdout=out, **(numbers | options))
    return out.getvalue()


def everything():
    """Return what a run wrote, as values that can be compared with another run's."""
    # Ids may begin elsewhere in another run; what replies to what does not change.
    places = {pk: place for place, pk in enumerate(Post.objects.order_by("pk").values_list("pk", flat=True))}
    person = ("username", "email", "first_name", "last_name", "role", "location", "description", "date_joined")
    post = ("author__username", "room__slug", "body", "mentions", "created_at", "edited_at", "removed_at", "revision")
    return {
        "people": list(User.objects.order_by("username").values_list(*person, "approved_at")),
        "rooms": list(Room.objects.exclude(is_common=True).order_by("slug").values_list("name", "owner__username")),
        "memberships": sorted(Membership.objects.values_list("user__username", "room__slug", "state", "notify")),
        "posts": list(Post.objects.order_by("pk").values_list(*post)),
        "replies": [places.get(pk) for pk in Post.objects.order_by("pk").values_list("reply_to", flat=True)],
        "notifications": list(
            Notification.objects.order_by("pk").values_list("recipient__username", "actor__username", "kind")
        ),
    }


def empty():
    """Take away what a run wrote."""
    for model in (Notification, Membership, LogEntry):
        model.objects.all().delete()
    Post.objects.update(reply_to=None)
    Post.objects.all().delete()
    Room.objects.exclude(is_common=True).delete()
    Room.objects.update(revision=0)
    User.objects.all().delete()


def test_writes_as_many_as_asked_for():
    populate(students=12, teachers=4, posts=250)

    assert Student.objects.count() == 12
    assert Teacher.objects.count() == 4
    assert User.objects.filter(role=Role.ADMIN, is_staff=True, is_superuser=True).count() == 1
    assert Post.objects.count() == 250


@pytest.mark.parametrize("posts", [0, 1, 2, 39, 40, 41])
def test_writes_exactly_the_posts_asked_for_however_few(posts):
    populate(students=2, teachers=1, posts=posts)

    assert Post.objects.count() == posts


def test_same_seed_makes_the_same_school():
    populate()
    first = everything()
    empty()

    populate()

    assert everything() == first


def test_another_seed_makes_another_school():
    populate()
    first = everything()
    empty()

    populate(seed=4)

    assert everything()["posts"] != first["posts"]
    assert everything()["people"] != first["people"]


def test_join_codes_are_random_all_the_same():
    populate()
    codes = set(Room.objects.exclude(is_common=True).values_list("join_code", flat=True))
    empty()

    populate()

    assert not codes & set(Room.objects.exclude(is_common=True).values_list("join_code", flat=True))


def test_site_with_people_is_left_alone():
    StudentFactory(username="kim")

    with pytest.raises(CommandError, match=r"1 people.*--add"):
        populate()

    assert User.objects.count() == 1
    assert not Post.objects.exists()


def test_if_empty_does_nothing_where_there_are_people(settings):
    settings.ALLOWED_HOSTS = ["school.example"]
    StudentFactory(username="kim")

    printed = populate(if_empty=True)

    assert printed.count("\n") == 1
    assert User.objects.count() == 1


def test_if_empty_fills_an_empty_site():
    populate(if_empty=True)

    assert User.objects.filter(username="sam").exists()


def test_add_leaves_those_who_are_here_as_they_are():
    here = StudentFactory(username="Sam", email="ms.hale@school.example")
    password = here.password

    printed = populate(add=True)

    here.refresh_from_db()
    assert here.password == password
    assert "sam2" in printed
    assert "ms.hale2" in printed
    assert not Post.objects.filter(author=here).exists()


def test_add_twice_makes_two_schools_in_one():
    populate()
    revision = Room.objects.get(is_common=True).revision
    newest = Post.objects.latest("pk").pk

    populate(add=True, seed=4)

    assert Post.objects.count() == 500
    assert Post.objects.filter(pk__gt=newest).count() == 250
    later = Post.objects.filter(room__is_common=True, pk__gt=newest)
    assert min(later.values_list("revision", flat=True)) > revision


def test_after_it_the_next_post_gets_an_id_of_its_own():
    populate()
    last = Post.objects.latest("pk")

    post = Post.objects.create(room=last.room, author=last.author, body="One more.")

    assert post.pk > last.pk


@pytest.mark.parametrize("hosts", [["school.example"], ["localhost", "192.168.1.7"], ["*"], [".example.org"]])
def test_site_that_others_can_reach_is_refused(settings, hosts):
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = hosts

    with pytest.raises(CommandError, match="--with-published-password"):
        populate()

    assert not User.objects.exists()


def test_site_that_others_can_reach_is_filled_when_told_so(settings):
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["school.example"]

    populate(with_published_password=True)

    assert User.objects.exists()


@pytest.mark.parametrize("hosts", [["localhost", "127.0.0.1", "[::1]"], ["demo.localhost"], ["127.0.0.5"]])
def test_site_of_this_machine_is_filled(settings, hosts):
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = hosts

    populate()

    assert User.objects.exists()


@pytest.mark.parametrize(
    "options",
    [
        {"students": -1},
        {"teachers": -3},
        {"posts": -1},
        {"seed": -1},
        {"students": 10**9},
        {"posts": 10**30},
        {"teachers": 0},
        {"students": 0},
        {"until": "yesterday"},
        {"until": "2026-13-45"},
        {"until": "0001-01-01"},
        {"until": "9999-12-31"},
        {"until": ""},
        {"add": True, "if_empty": True},
    ],
)
def test_bad_arguments_get_one_clear_line(options):
    with pytest.raises(CommandError) as caught:
        populate(**options)

    assert len(str(caught.value).splitlines()) == 1
    assert not User.objects.exists()


def test_failure_halfway_leaves_nothing(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the lights went out")

    monkeypatch.setattr("posts.management.commands.populate.Conversations.reading_of", fail)

    with pytest.raises(RuntimeError):
        populate()

    assert not User.objects.exists()
    assert not Post.objects.exists()


def test_people_are_within_the_limits_of_the_registration_form():
    populate(students=400, teachers=30, posts=0)

    people = list(User.objects.all())
    for person in people:
        person.clean_fields(exclude=["password"])
        assert clean_line(person.location) == person.location
        assert clean_text(person.description) == person.description
        assert person.email == f"{person.username.lower()}@school.example"
    assert len({person.username.lower() for person in people}) == 431
    assert sum(bool(person.location) for person in people) > 215
    assert sum(bool(person.description) for person in people) > 215


def test_names_come_in_many_scripts():
    populate(students=300, posts=0)

    first_letters = "".join(User.objects.exclude(first_name="").values_list("first_name", flat=True))

    for script in ("[A-Z]", "[À-ž]", "[\u0621-\u064a]", "[\u4e00-\u9fff]", "[а-я]", "[\u0905-\u0939]", "[α-ω]"):
        assert re.search(script, first_letters), script


def test_one_or_two_teachers_wait():
    populate(teachers=20, posts=0)

    assert User.objects.waiting().count() == 2
    assert User.objects.waiting().filter(username="mr.new").exists()


def test_posts_are_as_the_form_would_take_them(settings):
    populate()

    for body in Post.objects.values_list("body", flat=True):
        assert clean_text(body) == body != ""
        assert len(body) <= settings.POST_MAX_LENGTH
        assert "{" not in body


def test_posts_fit_a_smaller_limit(settings):
    settings.POST_MAX_LENGTH = 20

    populate()

    assert max(len(body) for body in Post.objects.values_list("body", flat=True)) <= 20


def test_600_posts_hardly_repeat():
    populate(students=40, teachers=6, posts=600)

    assert len(set(Post.objects.values_list("body", flat=True))) > 540


def test_there_are_links_edits_removals_replies_and_a_closed_room():
    populate(students=40, teachers=6, posts=600)

    assert Post.objects.filter(body__contains="https://").exists()
    assert Post.objects.exclude(edited_at=None).exists()
    assert Post.objects.exclude(removed_at=None).exclude(removed_by=None).exists()
    assert Post.objects.exclude(reply_to=None).count() > 150
    closed = Room.objects.get(archived_at__isnull=False)
    assert closed.posts.aggregate(last=Max("created_at"))["last"] < closed.archived_at <= END


def test_links_lead_to_nobody():
    populate(students=40, posts=600)

    bodies = " ".join(Post.objects.values_list("body", flat=True))

    assert set(re.findall(r"https?://[^/\s]*?([a-z]+)(?=[/\s])", bodies)) == {"example"}


def test_dates_rise_with_ids_over_eight_weeks():
    populate()

    dates = list(Post.objects.order_by("pk").values_list("created_at", flat=True))
    assert all(earlier < later for earlier, later in itertools.pairwise(dates))
    assert dates[-1] <= END
    assert END - timedelta(weeks=8) <= dates[0] < END - timedelta(weeks=7)


def test_school_talks_at_school_times():
    populate(posts=600)

    at_school = [
        local.weekday() < 5 and 7 <= local.hour < 19
        for when in Post.objects.values_list("created_at", flat=True)
        for local in [timezone.localtime(when)]
    ]

    assert sum(at_school) > 0.8 * len(at_school)


def test_nobody_writes_before_they_joined():
    populate()

    for post in Post.objects.select_related("author", "room"):
        assert post.author.date_joined < post.created_at
        assert post.room.created_at < post.created_at


def test_mentions_name_people_who_can_see_the_room_and_as_the_text_does():
    populate()

    mentioning = [post for post in Post.objects.select_related("room") if post.mentions]
    assert len(mentioning) > 20
    for post in mentioning:
        readers = set(access.readers(post.room, User.objects.all()).values_list("username_key", flat=True))
        assert set(post.mentions) <= readers
        assert post.mentions == sorted(names_in(post.body) & readers)
    unnamed = [post for post in Post.objects.select_related("room") if not post.mentions]
    for post in unnamed:
        readers = set(access.readers(post.room, User.objects.all()).values_list("username_key", flat=True))
        assert not names_in(post.body) & readers


def test_authors_are_in_the_room_they_write_in():
    populate()

    for post in Post.objects.select_related("room"):
        assert access.readers(post.room, User.objects.all()).filter(pk=post.author_id).exists()


def test_replies_are_to_earlier_posts_in_the_same_room_that_still_stood():
    populate(students=30, posts=600)

    for post in Post.objects.exclude(reply_to=None).select_related("reply_to"):
        assert post.reply_to_id < post.pk
        assert post.reply_to.room_id == post.room_id
        assert post.reply_to.removed_at is None or post.reply_to.removed_at > post.created_at


def test_revisions_run_on_in_each_room():
    populate()

    for room in Room.objects.all():
        revisions = list(room.posts.order_by("pk").values_list("revision", flat=True))
        assert revisions == sorted(set(revisions))
        assert room.revision == (revisions[-1] if revisions else 0)
        assert room.revision >= len(revisions)


def test_notifications_are_those_that_writing_would_have_made():
    populate(students=30, posts=600)

    muted = set(Membership.objects.filter(notify=Membership.Notify.NOTHING).values_list("user__username_key", "room"))
    for post in Post.objects.select_related("author", "reply_to__author").prefetch_related("notifications__recipient"):
        told = {note.recipient.username_key: note.kind for note in post.notifications.all()}
        wanted = dict.fromkeys(post.mentions, "mention")
        if post.reply_to:
            wanted[post.reply_to.author.username_key] = "reply"
        wanted.pop(post.author.username_key, None)
        wanted = {name: kind for name, kind in wanted.items() if (name, post.room_id) not in muted}
        assert told == ({} if post.is_removed else wanted)
        assert all(note.actor_id == post.author_id for note in post.notifications.all())


def test_those_who_wait_at_a_door_are_told_to_its_owner():
    populate(students=30, posts=100)

    waiting = Membership.objects.filter(state=Membership.State.APPLIED).select_related("room")
    told = Notification.objects.filter(kind="applied")

    assert waiting
    assert {(one.user_id, one.room.owner_id) for one in waiting} == set(told.values_list("actor", "recipient"))


@pytest.mark.parametrize("username", ["sam", "ms.hale", "mr.new", "dr.head"])
def test_those_named_at_the_end_have_a_few_news(username):
    populate(students=30, posts=400)

    person = User.objects.get(username=username)

    visible = access.for_user(person)
    assert 1 <= Notification.objects.count_unread(visible) <= 15
    assert any(room.is_unread for room in list_rooms(visible))
    common = Membership.objects.get(user=person, room__is_common=True)
    assert 1 <= Post.objects.filter(room=common.room, pk__gt=common.last_read).count() <= 16


def test_nobody_has_unread_posts_before_their_own_last():
    populate()

    for membership in Membership.objects.filter(state=Membership.State.MEMBER).select_related("room"):
        own = membership.room.posts.filter(author=membership.user).aggregate(last=Max("pk"))["last"] or 0
        assert membership.last_read >= own


def test_sign_ins_are_printed_and_work(client):
    printed = populate()

    roles = dict(re.findall(r"^ +(\S+) +(\w+.*)$", printed, re.MULTILINE))
    assert roles == {
        "sam": "student", "ms.hale": "teacher", "mr.new": "waiting teacher", "dr.head": "administrator"
    }  # fmt: skip
    assert PASSWORD in printed
    for username in roles:
        assert client.login(username=username, password=PASSWORD)
    assert User.objects.get(username="mr.new").is_waiting
    assert User.objects.get(username="ms.hale").is_teacher
    assert User.objects.get(username="dr.head").is_administrator


def test_password_would_pass_the_registration_form():
    from django.contrib.auth.password_validation import validate_password

    populate(posts=0)

    for username in ("sam", "ms.hale", "mr.new", "dr.head"):
        try:
            validate_password(PASSWORD, User.objects.get(username=username))
        except ValidationError as problem:
            pytest.fail(str(problem))


def test_student_signed_in_sees_the_talk(as_):
    populate()

    response = as_(User.objects.get(username="sam")).get(reverse("room", args=["common"]), SERVER_NAME="localhost")

    assert response.status_code == 200


def test_people_rooms_and_removals_are_on_record():
    populate(students=30, posts=600)

    log = LogEntry.objects
    assert log.filter(action_flag=ADDITION, content_type__model="user").count() == User.objects.count()
    assert log.filter(action_flag=ADDITION, content_type__model="room").count() == Room.objects.count() - 1
    removals = log.filter(action_flag=DELETION, content_type__model="post")
    assert {int(pk) for pk in removals.values_list("object_id", flat=True)} == set(
        Post.objects.exclude(removed_at=None).values_list("pk", flat=True)
    )


def test_progress_is_shown_in_a_few_lines(monkeypatch):
    monkeypatch.setattr("posts.management.commands.populate.BATCH", 10)

    printed = populate(posts=400)

    lines = [line for line in printed.splitlines() if line.startswith("Posts: ")]
    assert lines[0] == "Posts: 40 of 400"
    assert lines[-1] == "Posts: 400 of 400"
    assert len(lines) == 10


def test_progress_on_a_terminal_stays_on_one_line(monkeypatch):
    monkeypatch.setattr("posts.management.commands.populate.BATCH", 10)
    out = type("Terminal", (io.StringIO,), {"isatty": lambda self: True})()
    call_command("populate", students=5, teachers=2, posts=50, until=UNTIL, stdout=out, no_color=True)

    shown = [line for line in out.getvalue().split("\n") if "Posts: " in line]
    assert len(shown) == 1
    assert shown[0].count("\r") == 5


def test_says_nothing_when_asked_to_be_quiet():
    assert populate(verbosity=0) == ""


def test_number_of_queries_grows_with_batches_and_not_with_posts(django_assert_max_num_queries):
    # SQLite takes 999 values a statement, so its batches are smaller than those of the other databases.
    most = 120 if connection.vendor == "sqlite" else 60

    with django_assert_max_num_queries(most):
        populate(students=20, teachers=2, posts=1000)
