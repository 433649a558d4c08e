"""The texts of the interface, extracted by Babel as `.babel.cfg` describes."""

from collections.abc import Iterator
from io import BytesIO

from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from babel.messages.frontend import parse_mapping_cfg
from django.conf import settings
from django.utils.translation import templatize

KEYWORDS = DEFAULT_KEYWORDS | {"gettext_lazy": None, "ngettext_lazy": (1, 2)}


def extract_template(fileobj, keywords, tags, options) -> Iterator[tuple]:
    """Extract the texts of a template, which Django converts to calls of gettext. Babel calls it."""
    # In parentheses, Python ignores indentation.
    calls = f"({templatize(fileobj.read().decode())})"
    return extract_python(BytesIO(calls.encode()), keywords, tags, options)


def interface_texts() -> set[str | tuple[str, ...]]:
    """Return the texts in the source, plurals as tuples."""
    with open(settings.BASE_DIR / ".babel.cfg") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(settings.BASE_DIR, methods, options, KEYWORDS)
    return {text for _file, _line, text, _comments, _context in found}
