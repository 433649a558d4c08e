"""Downloads of a browser that opens a conversation with an empty cache."""

from accounts.tests.factories import StudentFactory
from accounts.tests.helpers import Page
from posts.tests.factories import PostFactory
from posts.tests.weight import FirstVisit, read_static

PAGE_BYTES, VISIT_BYTES = 15 * 1024, 100 * 1024  # compressed


def test_conversation_is_small_and_complete(client_for, student, common_room):
    for author in StudentFactory.create_batch(10):
        PostFactory.create_batch(5, room=common_room, author=author)
    client = client_for(student)

    def read(path):
        return read_static(path) if path.startswith("/static/") else client.get(path).content

    visit = FirstVisit("/rooms/common/", read)

    assert visit.files[0][1] <= PAGE_BYTES
    assert visit.total <= VISIT_BYTES
    assert len([path for path, _size in visit.files if path.endswith(".css")]) == 8
    assert len([path for path, _size in visit.files if path.endswith(".js")]) > 20
    assert visit.other_hosts == []
    assert visit.missing == []


def test_every_imported_module_of_a_conversation_is_preloaded(client_for, student, common_room):
    page = Page(client_for(student).get("/rooms/common/"))
    scripts = [node.get("src") for node in page.root.iter("script")]
    html = "".join(f'<script src="{script}"></script>' for script in scripts).encode()

    imported = FirstVisit("/", lambda path: html if path == "/" else read_static(path)).files[1:]

    preloaded = [node.get("href") for node in page.root.iter("link") if node.get("rel") == "modulepreload"]
    assert len(preloaded) > 20
    assert sorted(scripts + preloaded) == sorted(path for path, _size in imported)


def test_downloads_are_counted_and_links_are_not():
    html = b"""
        <link rel="stylesheet" href="/own/a.css"><link rel="canonical" href="https://other.example/">
        <script src="https://cdn.example/x.js"></script><img src="data:image/png;base64,AA==">
        <img src="//pictures.example/p.png"><a href="https://link.example/">link</a><img src="gone.png">
        <svg><use href="/own/icons.svg#send"></use></svg><svg><use href="/own/icons.svg#bell"></use></svg>
    """
    files = {
        "/rooms/common/": html,
        "/own/a.css": b'@import "b.css"; body { background: url(deep/c.webp) }',
        "/own/b.css": b"p { mask: url(data:image/svg+xml,x) }",
        "/own/deep/c.webp": b"0" * 1000,
        "/own/icons.svg": b"<svg/>",
    }

    visit = FirstVisit("/rooms/common/", files.get)

    assert [path for path, _size in visit.files] == list(files)
    assert dict(visit.files)["/own/deep/c.webp"] == 1000
    assert dict(visit.files)["/rooms/common/"] < len(html)
    assert visit.other_hosts == ["https://cdn.example/x.js", "//pictures.example/p.png"]
    assert visit.missing == ["/rooms/common/gone.png"]


def test_imported_modules_are_counted_once_unless_they_are_loaded_when_needed():
    files = {
        "/": b'<script type="module" src="/js/a.js"></script>',
        "/js/a.js": b'import { b } from "./b.js";\nimport "./c.js";\nconst late = () => import("./d.js");',
        "/js/b.js": b'export { c } from "./c.js"',
        "/js/c.js": b"1",
    }

    visit = FirstVisit("/", files.get)

    assert sorted(path for path, _size in visit.files) == sorted(files)
    assert visit.missing == []
