"""Tests of the weight of a first visit."""

from posts.benchmark.weight import FirstVisit


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


def test_imported_modules_are_counted_once():
    files = {
        "/": b'<script type="module" src="/js/a.js"></script>',
        "/js/a.js": b'import { b } from "./b.js";\nimport "./c.js";\nconst late = () => import("./d.js");',
        "/js/b.js": b'export { c } from "./c.js"',
        "/js/c.js": b"1",
        "/js/d.js": b"2",
    }

    visit = FirstVisit("/", files.get)

    assert sorted(path for path, _size in visit.files) == sorted(files)
    assert visit.missing == []
