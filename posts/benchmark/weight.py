"""What a page makes a browser fetch, and how much that is."""

import gzip
import re
from html.parser import HTMLParser
from pathlib import PurePosixPath
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders

# What browsers fetch by themselves; a link that somebody may follow is not among it.
_FETCHED = {
    "link": "href", "script": "src", "img": "src", "use": "href", "image": "href", "iframe": "src", "source": "src",
    "video": "src", "audio": "src", "embed": "src", "object": "data",
}  # fmt: skip
_FETCHING_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "manifest"}
_IN_CSS = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")
_IN_JS = re.compile(r"(?:\bfrom|\bimport)\s*\(?\s*['\"](\.{0,2}/[^'\"]+)['\"]")
_PACKED = {".png", ".webp", ".jpg", ".jpeg", ".woff2", ".woff", ".gif"}
# Bootstrap's own pictures are inside its style sheet.
_INSIDE = ("data:", "#")


class _Fetches(HTMLParser):
    def __init__(self):
        super().__init__()
        self.addresses = []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        address = attributes.get(_FETCHED.get(tag))
        if tag == "link" and not _FETCHING_LINKS & set((attributes.get("rel") or "").split()):
            return
        if address:
            self.addresses.append(address)


class FirstVisit:
    """All that a browser fetches for a page (`html`, at the path `address`) with nothing in its cache.

    `fetch(path)` gives the bytes of what is no static file. Afterwards `files` holds (path, bytes compressed),
    `elsewhere` the addresses on other hosts, `missing` what is not there.
    """

    def __init__(self, html, address, fetch):
        self.files, self.elsewhere, self.missing = [], [], []
        self._fetch, self._seen = fetch, set()
        parser = _Fetches()
        parser.feed(html)
        for found in parser.addresses:
            self._add(found, address)

    @property
    def total(self):
        """The bytes of all files together, compressed."""
        return sum(size for _path, size in self.files)

    def _add(self, found, base):
        if found.startswith(_INSIDE):
            return
        if urlsplit(found).netloc:
            self.elsewhere.append(found)
            return
        path = urlsplit(urljoin(base, found)).path
        if path in self._seen:
            return
        self._seen.add(path)
        content = self._read(path)
        if content is None:
            self.missing.append(path)
            return
        kind = PurePosixPath(path).suffix
        self.files.append((path, len(content) if kind in _PACKED else len(gzip.compress(content, 6))))
        pattern = {".css": _IN_CSS, ".js": _IN_JS}.get(kind)
        # Bundles by others hold whole parsers of such lines; ours are modules.
        if pattern and ".min." not in path:
            for match in pattern.finditer(content.decode()):
                self._add(next(group for group in match.groups() if group), path)

    def _read(self, path):
        prefix = urljoin("/", settings.STATIC_URL)
        if not path.startswith(prefix):
            return self._fetch(path)
        found = finders.find(path.removeprefix(prefix))
        if not found:
            return None
        with open(found, "rb") as file:
            return file.read()
