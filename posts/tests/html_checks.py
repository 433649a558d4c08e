"""Checks of the HTML of a page."""

from urllib.parse import urljoin, urlsplit

from posts.tests.support import parse_html


def check_page(html, path):
    """Parse a page and return its tree. Assert that it is valid, complete, and free of inline styles and scripts."""
    tree = parse_html(html)  # raises an error if the page is invalid
    elements = [node for node in tree.iter() if isinstance(node.tag, str)]
    ids = [node.get("id") for node in elements if node.get("id") is not None]
    forms = {node.get("id") for node in tree.iter("form")}
    assert tree.get("lang"), path
    assert len(list(tree.iter("h1"))) == 1, path
    assert "".join(tree.find(".//h1").itertext()).strip(), path
    assert "".join(tree.find(".//title").itertext()).strip(" ·"), path
    assert sorted(ids) == sorted(set(ids)), path
    assert not [node for node in elements if node.tag == "style" or node.get("style") is not None], path
    assert not [name for node in elements for name in node.attrib if name.startswith("on")], path
    for node in elements:
        if node.tag == "script":
            assert node.get("src"), path
            assert not "".join(node.itertext()).strip(), path
        if node.tag == "img":
            assert node.get("alt") is not None, path
        if node.tag in ("script", "img", "link", "use", "iframe", "source"):
            address = urlsplit(node.get("src") or node.get("href") or "")
            assert (address.scheme, address.netloc) == ("", ""), path
        if node.tag == "form" and node.get("method", "get").lower() == "post":
            outside = [field for field in tree.iter("input") if field.get("form") == node.get("id", "-")]
            fields = [*node.iter("input"), *outside]
            tokens = [field for field in fields if field.get("name") == "csrfmiddlewaretoken"]
            assert [len(field.get("value")) for field in tokens] == [64], path
            assert not urlsplit(node.get("action") or "").netloc, path
        for attribute in ("aria-labelledby", "aria-describedby", "for"):
            assert set((node.get(attribute) or "").split()) <= set(ids), (path, node.attrib)
        assert node.get("form") is None or node.get("form") in forms, (path, node.attrib)
        if node.get("type") == "hidden":
            assert not [name for name in node.attrib if name.startswith("aria-")], (path, node.attrib)
        if node.tag == "a" and (node.get("href") or "").startswith("#"):
            assert node.get("href")[1:] in ids, path
        is_control = node.tag in ("input", "textarea", "select") and node.get("type") not in ("hidden", "submit")
        if is_control and node.get("hidden") is None:
            assert node.get("id") in {label.get("for") for label in tree.iter("label")}, (path, node.attrib)
    return tree


def find_links(tree, path):
    """Return the addresses of this site that a page links to."""
    found = {node.get("href") for node in tree.iter("a")} - {None}
    # `check_page` already checks links within the page.
    addresses = {urljoin(path, link).partition("#")[0] for link in found if not link.startswith("#")}
    return {link for link in addresses if not urlsplit(link).netloc}
