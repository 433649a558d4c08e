"""Text that users enter is escaped on every page."""

import re

import pytest

from accounts.tests.factories import StudentFactory
from posts.actions import write_post
from posts.models import Membership
from posts.tests.factories import MembershipFactory, RoomFactory
from posts.tests.support import html_of, parse_html

HTML = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&lt;b&gt;&amp;"


@pytest.fixture
def posts_with_html(student, teacher):
    """Two posts in a room where every text that users can enter contains HTML."""
    author = StudentFactory(username="evil", first_name=HTML, last_name=HTML, location=HTML[:40], description=HTML)
    room = RoomFactory(name=HTML[:60], slug="html-room", owner=teacher)
    for user in (student, author):
        MembershipFactory(room=room, user=user)
    parent = write_post(author, room, f"@sam {HTML}")
    mine = write_post(student, room, HTML, reply_to=parent)
    write_post(author, room, f"https://a.example/\"onmouseover='alert(1)'<script>{HTML}", reply_to=mine)
    MembershipFactory(room=room, user=StudentFactory(first_name=HTML), state=Membership.State.APPLIED)
    return parent, mine


@pytest.mark.guarantee("user-text")
@pytest.mark.parametrize("viewer", ["student", "teacher", "admin"])
def test_html_in_text_is_escaped(client_for, request, posts_with_html, viewer):
    parent, mine = posts_with_html
    client = client_for(request.getfixturevalue(viewer))

    paths = [
        client.get("/home/")["Location"],
        "/rooms/",
        "/rooms/html-room/",
        f"/rooms/html-room/?reply_to={parent.pk}",
        "/rooms/html-room/updates/?after=0",
        "/users/evil/",
        "/users/evil/popover/",
        "/users/sam/",
        "/students/",
        f"/students/?q={HTML}",
        "/notifications/",
        f"/posts/{(mine if viewer == 'student' else parent).pk}/delete/",
    ]
    pages_with_html = 0
    for path in paths:
        page = html_of(client.get(path))
        tree = parse_html(f"<!doctype html><title>x</title>{page}", strict=False)
        assert not [node for node in tree.iter("script") if "alert" in "".join(node.itertext())], path
        elements = [node for node in tree.iter() if isinstance(node.tag, str)]
        assert not [name for node in elements for name in node.attrib if name.startswith("on")], path
        pages_with_html += "&lt;script&gt;" in page
    assert pages_with_html >= 9


@pytest.mark.parametrize(
    "body", [HTML, "&lt;b&gt;", "&amp;amp;", "a < b && c > d", "{{ 7 }} {% now 'Y' %}", "%s %(x)s {0}"]
)
def test_text_is_displayed_unchanged(client_for, student, room, body):
    post = write_post(student, room, body)
    client_for(student).get("/rooms/chemistry/")

    for path in ("/rooms/chemistry/", "/users/sam/", f"/posts/{post.pk}/edit/", f"/posts/{post.pk}/delete/"):
        tree = parse_html(html_of(client_for(student).get(path)), strict=False)
        assert body in "".join(tree.find(".//main").itertext()), path


def test_name_with_quotes_is_escaped_once(client_for, student, room):
    other = StudentFactory(username="oneil", first_name="O'Neil & <b>")
    MembershipFactory(room=room, user=other)
    write_post(other, room, "@sam hi")

    page = html_of(client_for(student).get("/notifications/"))

    assert ">O&#x27;Neil &amp; &lt;b&gt;</b> mentioned you" in page


def links_in(page):
    """Return (href, rel, text) of each link in the text of the last post."""
    body = page.rpartition('<p class="post-body')[2].partition("</p>")[0]
    found = []
    for attributes, text in re.findall(r"<a\s([^>]*)>([^<]*)</a>", body):
        values = dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
        found.append((values.get("href"), values.get("rel"), text))
    return found


REL = "nofollow noopener noreferrer ugc"


@pytest.mark.parametrize(
    ("body", "links"),
    [
        ("See https://a.example/x.", [("https://a.example/x", REL, "https://a.example/x")]),
        ("http://a.example/?b=1&c=2", [("http://a.example/?b=1&amp;c=2", REL, "http://a.example/?b=1&amp;c=2")]),
        ("(https://a.example/x_(y))", [("https://a.example/x_(y)", REL, "https://a.example/x_(y)")]),
        (
            "https://a.example/'onclick='x",
            [("https://a.example/&#x27;onclick=&#x27;x", REL, "https://a.example/&#x27;onclick=&#x27;x")],
        ),
        ("javascript:alert(1) data:x,y www.a.example", []),
        ("@Kim and kim@a.example", [("/users/Kim/", None, "@Kim")]),
        ("@kim.", [("/users/kim/", None, "@kim")]),
        ("@olu @nobody", []),
    ],
)
@pytest.mark.parametrize("path", ["/rooms/chemistry/", "/users/sam/"])
def test_links(client_for, student, outsider, room, path, body, links):
    write_post(student, room, body)

    assert links_in(html_of(client_for(student).get(path))) == links


@pytest.mark.parametrize("path", ["/rooms/chemistry/", "/users/sam/"])
def test_url_opens_in_a_new_tab_and_has_a_description(client_for, student, room, path):
    write_post(student, room, "See https://a.example/x and @kim")

    page = html_of(client_for(student).get(path))

    assert page.count('target="_blank"') == page.count('aria-describedby="new-tab"') == 1
    assert '<span id="new-tab" hidden>opens in a new tab</span>' in page


def test_mention_opens_the_popover(client_for, student, room):
    write_post(student, room, "@kim")

    page = html_of(client_for(student).get("/rooms/chemistry/"))

    assert re.search(r'href="/users/kim/"\s+data-popover="/users/kim/popover/"', page)


def test_text_does_not_mention_a_user_who_joins_later(client_for, student, room):
    write_post(student, room, "@later")
    MembershipFactory(room=room, user=StudentFactory(username="later"))

    assert links_in(html_of(client_for(student).get("/rooms/chemistry/"))) == []
