"""The measurement itself: that it runs, says what it found, and leaves everything else alone."""

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count

from posts.benchmark.fill import Filler
from posts.benchmark.weight import FirstVisit
from posts.models import Membership, Notification, Post, Room
from posts.tests.support import run_measuring


@pytest.fixture(scope="module")
def printed():
    """What a run on two tiny sizes prints."""
    return run_measuring("bench", "--sizes", "700", "300", "--runs", "2")


def cells(printed, page):
    return [line.removeprefix(page).split() for line in printed.splitlines() if line.startswith(f"{page}  ")]


@pytest.mark.parametrize(
    ("page", "status"),
    [
        ("conversation", "200"),
        ("conversation, deepest page", "200"),
        ("conversation, nothing rendered yet", "200"),
        ("home", "200"),
        ("students", "200"),
        ("profile", "200"),
        ("popover", "200"),
        ("unread badge", "200"),
        ("updates, nothing new", "304"),
    ],
)
def test_prints_each_page_at_each_size_and_its_growth(printed, page, status):
    rows = cells(printed, page)

    assert len(rows) == 3
    small, large, growth = rows
    for found in (small, large):
        assert found[0] == status
        queries, milliseconds, bare, ratio = (float(cell) for cell in found[3:])
        assert queries >= 2
        assert milliseconds > 0
        assert bare > 0
        assert ratio > 0
    assert float(growth[0]) > 0


def test_smallest_size_comes_first(printed):
    assert printed.index("\n300 posts") < printed.index("\n700 posts")


def test_says_which_aims_are_met(printed):
    aims = printed.split("\nAims\n")[1].splitlines()

    assert len(aims) == 8
    assert all(line.startswith(("met ", "MISSED ")) for line in aims)
    assert "on other hosts" not in printed.lower()


def test_weighs_what_the_page_links(printed):
    weighed = printed.split("Weight of the conversation")[1].split("Aims")[0]

    assert "/static/css/homeroom.css" in weighed
    assert "/static/js/homeroom.js" in weighed
    assert "Not found" not in weighed


@pytest.mark.parametrize(
    "options",
    [{"sizes": [10]}, {"sizes": [10**12]}, {"runs": 0}, {"sizes": [1000], "max_posts": 500}, {"runs": -5}],
)
def test_bad_arguments_get_one_clear_line(options):
    with pytest.raises(CommandError) as caught:
        call_command("bench", **options)

    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("sizes", [[200, 1000], [200, 350, 990], [300, 420]])
def test_copied_posts_are_as_sound_as_written_ones(sizes):
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
    twice = Notification.objects.exclude(post=None).values("recipient", "post").annotate(times=Count("pk"))
    assert not twice.filter(times__gt=1).exists()
    assert Membership.objects.filter(last_read__gt=sizes[-1] - 100).exists()


def test_counts_what_a_page_fetches_and_not_where_its_links_lead():
    html = """
        <link rel="stylesheet" href="/own/a.css"><link rel="canonical" href="https://elsewhere.example/">
        <script src="https://cdn.example/x.js"></script><img src="data:image/png;base64,AA==">
        <img src="//pictures.example/p.png"><a href="https://link.example/">there</a><img src="gone.png">
        <svg><use href="/own/icons.svg#send"></use></svg><svg><use href="/own/icons.svg#bell"></use></svg>
    """
    there = {
        "/own/a.css": b'@import "b.css"; body { background: url(deep/c.webp) }',
        "/own/b.css": b"p { mask: url(data:image/svg+xml,x) }",
        "/own/deep/c.webp": b"0" * 1000,
        "/own/icons.svg": b"<svg/>",
    }

    visit = FirstVisit(html, "/rooms/common/", there.get)

    assert [path for path, _size in visit.files] == ["/own/a.css", "/own/b.css", "/own/deep/c.webp", "/own/icons.svg"]
    assert dict(visit.files)["/own/deep/c.webp"] == 1000
    assert dict(visit.files)["/own/a.css"] < 100
    assert visit.elsewhere == ["https://cdn.example/x.js", "//pictures.example/p.png"]
    assert visit.missing == ["/rooms/common/gone.png"]


def test_follows_the_modules_that_a_script_imports():
    there = {
        "/js/a.js": b'import { b } from "./b.js";\nimport "./c.js";\nconst late = () => import("./d.js");',
        "/js/b.js": b'export { c } from "./c.js"',
        "/js/c.js": b"1",
        "/js/d.js": b"2",
    }

    visit = FirstVisit('<script type="module" src="/js/a.js"></script>', "/", there.get)

    assert sorted(path for path, _size in visit.files) == sorted(there)
    assert visit.missing == []
