"""Class lists: the rows of a CSV file, or of a text that was pasted from a spreadsheet.

`decode` turns a file into text, and `parse` turns text into rows. Neither uses the database. Both take linear time.
"""

import csv
import io
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.text import clean_line

MAX_BYTES = 1024 * 1024
MAX_ROWS = 1000
MAX_COLUMNS = 50
MAX_NAME = 1000  # characters; a longer name is not cleaned, and the form rejects it
SAMPLE = 10_000  # characters of the line that determines the separator

SEPARATORS = "\t;,"  # a semicolon comes before a comma: "kim;Lund, Kim"
# The columns of a list without a header, by their number.
COLUMNS = {
    1: ("username",),
    2: ("username", "name"),
    3: ("username", "name", "email"),
    4: ("username", "first_name", "last_name", "email"),
}
# In English, German, French and Spanish, in lower case, without spaces and punctuation.
HEADINGS = {
    "username": "username login loginname user benutzername benutzer anmeldename identifiant nomdutilisateur usuario",
    "name": "name fullname studentname pupil student displayname schüler nomcomplet élève nombrecompleto",
    "first_name": "firstname forename givenname vorname rufname prénom prenom nombre",
    "last_name": "lastname surname familyname nachname familienname nom nomdefamille apellido apellidos",
    "email": "email emailaddress mail mailaddress emailadresse courriel adressemail correo correoelectrónico",
    "outcome": "outcome",
}
_FIELDS = {heading: name for name, headings in HEADINGS.items() for heading in headings.split()}

# The first bytes of other files: ZIP (xlsx, ods), Excel 97, PDF and gzip.
_OTHER_FILES = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b")

UNREADABLE = _("We can't read this file. In your spreadsheet, save the list as “CSV UTF-8”, then choose that file.")
LINE_BREAK = _("There is a line break in this line. Check that no quotation mark is missing.")


class Outcome(StrEnum):
    """What the import of a row does."""

    NEW = "new"  # create an account
    ADDED = "added"  # add a student to the room
    MEMBER = "member"  # nothing


@dataclass
class Row:
    """A pupil in a list. `line` is the number of the line at which the row starts."""

    line: int
    username: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str | None = ""
    outcome: str = ""  # an Outcome; in a submitted list, the one that the user has confirmed
    user_id: int | None = None  # of the existing account
    errors: list[str] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.outcome == Outcome.NEW

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


def decode(data: bytes) -> str:
    """Return the text of a file in UTF-8, UTF-16 or Windows-1252. Raises ValidationError (`unreadable`)."""
    for encoding in [] if data.startswith(_OTHER_FILES) else _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ValidationError(UNREADABLE, code="unreadable")


def _encodings(data):
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return ["utf-16"]
    if b"\0" in data:
        # In UTF-16, one byte of each Latin letter is NUL. A list starts with a username or a heading.
        return ["utf-16-le"] if data[1:2] == b"\0" else ["utf-16-be"] if data[:1] == b"\0" else []
    return ["utf-8-sig", "cp1252"]


def parse(text: str) -> list[Row]:
    """Return the rows of a list. Blank lines are skipped, and the first line can be a header.

    Values are not validated. An error of one line is added to its row. Raises ValidationError for errors of the list:
    `empty`, `too_many_rows`, `too_many_columns`, `no_username` or `line_too_long`.
    """
    lines = _read(text.removeprefix("\ufeff"))
    columns = _read_header(lines[0][1]) if lines else ()
    rows = lines[1:] if columns else lines
    if not rows:
        raise ValidationError(_("The list is empty."), code="empty")
    if len(rows) > MAX_ROWS:
        error = _("A list can have at most %(max)d people. Split it into several lists.")
        raise ValidationError(error, code="too_many_rows", params={"max": MAX_ROWS})
    columns = columns or _default_columns(rows)
    return [_build_row(line, cells, columns) for line, cells in rows]


def write(rows: Iterable[Row], with_outcome: bool = False) -> str:
    """Return a text with a header and tabs from which `parse` reads the same rows."""
    names = ["username", "first_name", "last_name", "email", *(["outcome"] if with_outcome else [])]
    file = io.StringIO()
    writer = csv.writer(file, delimiter="\t", lineterminator="\n")
    writer.writerow(names)
    writer.writerows([getattr(row, name) or "" for name in names] for row in rows)
    return file.getvalue()


def _read(text):
    """Return (number of the line, cells) of each line that is not blank: one more than allowed, and a header."""
    text, skipped, separator = _find_separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    lines, start = [], 1
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                lines.append((start + skipped, cells))
            if len(cells) > MAX_COLUMNS or len(lines) > MAX_ROWS + 1:
                break
            start = reader.line_num + 1
    except csv.Error as error:
        message = _("Line %(line)d is too long. Check that no quotation mark is missing.")
        raise ValidationError(message, code="line_too_long", params={"line": start + skipped}) from error
    if lines and len(lines[-1][1]) > MAX_COLUMNS:
        raise _too_many_columns()
    return lines


def _find_separator(text):
    """Return the text, the number of lines that were removed, and the separator.

    It is the one in Excel's line "sep=;", or the first of SEPARATORS in the first line that contains one.
    """
    if match := re.match(r"sep=([\t;,])[\t;,]*(\r\n|\r|\n|$)", text, re.IGNORECASE):
        return text[match.end() :], 1, match[1]
    position = re.search(f"[{SEPARATORS}]", text)
    start = max(text.rfind("\n", 0, position.start()), text.rfind("\r", 0, position.start())) + 1 if position else 0
    line = re.split("[\r\n]", text[start : start + SAMPLE], maxsplit=1)[0]
    unquoted = re.sub('"[^"]*"', "", line)
    return text, 0, next((separator for separator in SEPARATORS if separator in unquoted), ",")


def _read_header(cells: Sequence[str]) -> list[str | None]:
    """Return the field of each column, None for other columns, or [] if the first line is not a header."""
    headings = [re.sub(r"[\W_]+", "", cell[:SAMPLE].casefold()) for cell in cells]
    fields = [_FIELDS.get(heading) for heading in headings]
    known = [name for name in fields if name]
    if "username" not in known and len(known) < 2:
        return []
    if "username" not in known:
        raise ValidationError(_("Add a column with the heading “Username”."), code="no_username")
    if len(set(known)) < len(known):
        raise ValidationError(_("Two columns have the same heading."), code="too_many_columns")
    # "Name" beside "First name" is the surname.
    if "name" in known and "first_name" in known and "last_name" not in known:
        fields[fields.index("name")] = "last_name"
    return fields


def _default_columns(rows):
    width = max(_width(cells) for _line, cells in rows)
    if width not in COLUMNS:
        raise _too_many_columns()
    return COLUMNS[width]


def _width(cells):
    """Return the number of cells without the blank ones at the end, which spreadsheets add."""
    return max((number for number, cell in enumerate(cells, start=1) if cell.strip()), default=0)


def _too_many_columns():
    message = _("The list has too many columns. Name them in its first line: username, first name, last name, email.")
    return ValidationError(message, code="too_many_columns")


def _build_row(line, cells, columns):
    row = Row(line)
    values = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if name}
    name = values.pop("name", "")
    if name and not (values.get("first_name") or values.get("last_name")):
        row.first_name, row.last_name = _split_name(name)
    for field_name, value in values.items():
        setattr(row, field_name, value)
    if any("\n" in cell.strip() or "\r" in cell.strip() for cell in cells):
        row.errors.append(LINE_BREAK)
    if _width(cells) > len(columns):
        row.errors.append(_("This line has more columns than the first one."))
    return row


def _split_name(name):
    """Return first and last name of "Kim Lund" or "Lund, Kim". The last word is the last name."""
    name = clean_line(name) if len(name) <= MAX_NAME else name
    last, comma, first = name.partition(",")
    if comma and first.strip():
        return first.strip(), last.strip()
    first, _space, last = name.rpartition(" ")
    return (first, last) if first else (last, "")
