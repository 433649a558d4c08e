"""Tests of `manage.py bench` and of the database that it fills."""

import hashlib

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count

from posts.benchmark import fixed_page
from posts.benchmark.fill import Filler
from posts.benchmark.measure import Browser, measure
from posts.benchmark.pages import PAGES
from posts.models import Membership, Notification, Post, Room
from posts.tests.support import run_benchmark

NAMES = [page.name for page in PAGES]


@pytest.fixture(scope="module")
def output():
    """The output of a run with two small sizes."""
    return run_benchmark("bench", "--sizes", "700", "300", "--runs", "2")


def rows(output, name):
    """Return the cells of each row about the page `name`."""
    return [line.removeprefix(name).split() for line in output.splitlines() if line.startswith(f"{name}  ")]


@pytest.fixture
def measured_site(settings):
    """The settings of the site that the commands measure."""
    from posts.benchmark import settings as benchmark

    settings.ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
    settings.MIDDLEWARE = benchmark.MIDDLEWARE
    settings.AUTHENTICATION_BACKENDS = benchmark.AUTHENTICATION_BACKENDS


@pytest.mark.parametrize("name", NAMES)
def test_each_page_has_cost_ratio_target_and_growth(output, name):
    small, large, (growth, growth_target, growth_verdict) = rows(output, name)

    for _size, _compressed, queries, cpu, fixed, ratio, target, verdict in (small, large):
        assert int(queries) >= 2
        assert float(cpu) > 0
        assert float(fixed) > 0
        assert verdict == ("met" if float(ratio) <= float(target) else "missed")
    assert growth_verdict == ("met" if float(growth) <= float(growth_target) else "missed")


def test_sizes_are_measured_in_ascending_order(output):
    assert output.index("\n300 posts") < output.index("\n700 posts")


@pytest.mark.parametrize(
    "options",
    [{"sizes": [10]}, {"sizes": [1000, -1]}, {"runs": 0}, {"runs": -5}],
)
def test_invalid_arguments_cause_one_line_error(options):
    with pytest.raises(CommandError) as caught:
        call_command("bench", **options)

    assert len(str(caught.value).splitlines()) == 1


def test_fixed_page_uses_session_and_user_of_django(measured_site, student, client, django_assert_num_queries):
    client.cookies["sessionid"] = fixed_page.create_session(student)

    with django_assert_num_queries(2) as queries:
        response = client.get(fixed_page.PATH)

    assert response.content == fixed_page.TEXT.encode()
    assert "django_session" in queries[0]["sql"]
    assert "accounts_user" in queries[1]["sql"]


def test_fixed_page_never_changes():
    digest = hashlib.sha256(fixed_page.TEXT.encode()).hexdigest()

    assert digest == "e298663c0da9b4aed8f6390abd6a6e8ce5c4fe814d07535ad83fc5b46671e20e"
    assert len(fixed_page.TEXT) == 12 * 1024
    assert all(name.startswith(("django.", "whitenoise.")) for name in fixed_page.MIDDLEWARE)


def test_page_that_fails_is_not_measured(transactional_db, measured_site, student):
    with pytest.raises(RuntimeError, match="status 404"):
        measure(Browser(student), "/users/nobody/", 1)


@pytest.mark.django_db
@pytest.mark.parametrize("sizes", [[200, 1000], [200, 350, 990], [300, 420]])
def test_copied_posts_are_consistent(sizes):
    filler = Filler(sizes[0])
    newest = list(Post.objects.order_by("-pk").values_list("body", flat=True)[:50])

    for size in sizes[1:]:
        filler.grow_to(size)

        assert Post.objects.count() == size
        assert list(Post.objects.order_by("-pk").values_list("body", flat=True)[:50]) == newest
    for reply in Post.objects.exclude(reply_to=None).select_related("reply_to"):
        assert reply.reply_to_id < reply.pk
        assert reply.reply_to.room_id == reply.room_id
    for room in Room.objects.all():
        revisions = list(room.posts.order_by("pk").values_list("revision", flat=True))
        assert revisions == sorted(set(revisions))
        assert not revisions or revisions[-1] <= room.revision
        visible = room.posts.filter(removed_at=None).values_list("pk", flat=True)
        assert room.newest_post == max(visible, default=0)
    repeated = Notification.objects.exclude(post=None).values("recipient", "post").annotate(times=Count("pk"))
    assert not repeated.filter(times__gt=1).exists()
    assert Membership.objects.filter(last_read__gt=sizes[-1] - 100).exists()
