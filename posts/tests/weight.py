"""Downloads of a browser that opens a page with an empty cache."""

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath
from urllib.parse import urljoin, urlsplit

from django.contrib.staticfiles import finders

# Attributes with a URL that a browser downloads without a click.
_DOWNLOADS = {
    "link": "href",
    "script": "src",
    "img": "src",
    "use": "href",
    "image": "href",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "embed": "src",
    "object": "data",
}
_DOWNLOADED_RELS = {"stylesheet", "icon", "preload", "modulepreload", "manifest"}
_IN_CSS = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")
# Not `import(…)`, which loads a module when it is needed.
_IN_JS = re.compile(r"(?:\bfrom|\bimport)\s*['\"](\.{0,2}/[^'\"]+)['\"]")
_ALREADY_COMPRESSED = {".png", ".webp", ".jpg", ".jpeg", ".woff2", ".woff", ".gif"}


class _Addresses(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        address = attributes.get(_DOWNLOADS.get(tag))
        if tag == "link" and not _DOWNLOADED_RELS & set((attributes.get("rel") or "").split()):
            return
        if address:
            self.found.append(address)


class FirstVisit:
    """Downloads of the first visit to the page at `path`.

    `read(path)` returns the bytes of a page or file, or None if it does not exist.

    Attributes: `files` contains (path, compressed bytes) with the page first, `other_hosts` the URLs on other hosts,
    and `missing` the paths that do not exist.
    """

    def __init__(self, path, read):
        self.files, self.other_hosts, self.missing = [], [], []
        self._read, self._visited = read, set()
        self._add(path, path)
        parser = _Addresses()
        parser.feed(read(path).decode())
        for address in parser.found:
            self._add(address, path)

    @property
    def total(self):
        """Size of all files, in compressed bytes."""
        return sum(size for _path, size in self.files)

    def _add(self, address, base):
        if address.startswith(("data:", "#")):
            return
        if urlsplit(address).netloc:
            self.other_hosts.append(address)
            return
        path = urlsplit(urljoin(base, address)).path
        if path in self._visited:
            return
        self._visited.add(path)
        content = self._read(path)
        if content is None:
            self.missing.append(path)
            return
        suffix = PurePosixPath(path).suffix
        self.files.append((path, len(content if suffix in _ALREADY_COMPRESSED else gzip.compress(content, 6))))
        pattern = {".css": _IN_CSS, ".js": _IN_JS}.get(suffix)
        # Minified files are libraries, which contain strings that look like imports.
        if pattern and ".min." not in path:
            for match in pattern.finditer(content.decode()):
                self._add(next(group for group in match.groups() if group), path)


def read_static(path):
    """Return the bytes of the static file with this URL, or None if it does not exist."""
    file = finders.find(path.removeprefix("/static/"))
    return Path(file).read_bytes() if file else None
