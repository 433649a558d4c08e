"""CSV files that spreadsheet programs open safely."""

import csv
import io
import re
from collections.abc import Iterable

# A cell that starts with one of these is a formula. Programs may split a cell at other separators than the comma, so it
# can start inside a text too. East Asian versions of Excel accept the full-width characters.
_FORMULA = re.compile('(^|[;,\t\r\n"|])(?=\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n])')


def write_csv(rows: Iterable[Iterable[str]]) -> str:
    """Return a CSV file with a byte order mark, without which Excel does not read it as UTF-8.

    An apostrophe before the start of a formula turns it into a text.
    """
    file = io.StringIO()
    file.write("\ufeff")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([safe_cell(cell) for cell in row] for row in rows)
    return file.getvalue()


def safe_cell(text: str) -> str:
    """Return `text` with an apostrophe before each place where a program could start a formula."""
    return _FORMULA.sub(r"\1'", text)
