"""Uploaded pictures and files for posts: their types, which are read from their contents, and their limits."""

import hashlib
import io
import secrets
import zipfile
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files import File
from django.utils.translation import gettext_lazy as _

from accounts.pictures import is_picture, read_picture
from accounts.text import clean_line

MAX_BYTES = 10 * 1024 * 1024  # of a file; `accounts.pictures` has the limits of pictures
MAX_ENTRIES = 5000  # in a document, which is a ZIP file
MAX_NAME = 100  # characters
ENTRY = b"PK\x01\x02"  # starts an entry in the directory of a ZIP file
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
OFFICE = "application/vnd.openxmlformats-officedocument."
# {media type: suffix of the name}
SUFFIXES = {
    "application/pdf": ".pdf",
    "text/plain": ".txt",
    f"{OPEN_DOCUMENT}text": ".odt",
    f"{OPEN_DOCUMENT}spreadsheet": ".ods",
    f"{OPEN_DOCUMENT}presentation": ".odp",
    f"{OPEN_DOCUMENT}graphics": ".odg",
    f"{OFFICE}wordprocessingml.document": ".docx",
    f"{OFFICE}spreadsheetml.sheet": ".xlsx",
    f"{OFFICE}presentationml.presentation": ".pptx",
}
# The parts by which documents of Office are recognised, and those of macros.
OFFICE_PARTS = {
    "word/document.xml": f"{OFFICE}wordprocessingml.document",
    "xl/workbook.xml": f"{OFFICE}spreadsheetml.sheet",
    "ppt/presentation.xml": f"{OFFICE}presentationml.presentation",
}
MACROS = ("vbaproject.bin", "basic/", "scripts/")
ERRORS = {
    "too_large": _("This file is too large. Choose a file of at most %(megabytes)d MB."),
    "not_a_picture": _("Choose a picture: a PNG, JPEG or WebP file."),
    "wrong_type": _("Choose a picture (PNG, JPEG or WebP) or a PDF, text, OpenDocument or Office file without macros."),
    "empty": _("This file is empty. Choose another."),
}


@dataclass(frozen=True)
class Upload:
    """An accepted picture or file. `digest` identifies what the user submitted."""

    file: File
    media_type: str
    digest: str
    name: str = ""
    width: int | None = None
    height: int | None = None

    @property
    def is_picture(self) -> bool:
        return self.width is not None


def read_upload(upload: File, may_be_document: bool) -> Upload:
    """Return an uploaded file, if it is a picture, or a document and `may_be_document`. Raises ValidationError."""
    if is_picture(upload.read(12)):
        digest = _digest(upload)
        file, width, height = read_picture(upload)
        return Upload(file, "image/webp", digest, width=width, height=height)
    if not may_be_document:
        raise _error("not_a_picture")
    if upload.size > MAX_BYTES:
        raise _error("too_large", megabytes=MAX_BYTES // (1024 * 1024))
    upload.seek(0)
    media_type = _media_type(upload.read())
    if media_type is None:
        raise _error("wrong_type")
    digest, suffix = _digest(upload), SUFFIXES[media_type]
    # A plain File is copied. Django would move a temporary file, and could not move it again after a deadlock.
    file = File(upload.file, name=f"{secrets.token_hex(16)}{suffix}")
    return Upload(file, media_type, digest, name=_clean_name(upload.name, suffix))


def _digest(upload):
    upload.seek(0)
    digest = hashlib.file_digest(upload, "sha256").hexdigest()
    upload.seek(0)
    return digest


def _error(code, **params):
    return ValidationError(ERRORS[code], code=code, params=params)


def _clean_name(name, suffix):
    """Return the user's name of a file with the suffix of its type."""
    stem = clean_line(name).replace("/", "").replace("\\", "")
    stem = stem[: -len(suffix)] if stem.lower().endswith(suffix) else stem
    return f"{stem[: MAX_NAME - len(suffix)].strip('. ') or 'file'}{suffix}"


def _media_type(data):
    """Return the media type of a document, or None."""
    if data.startswith(b"%PDF-"):
        return "application/pdf"
    if data.startswith(b"PK\x03\x04"):
        return _type_of_zip(data)
    return "text/plain" if _is_text(data) else None


def _is_text(data):
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return bool(text) and not any(chr(code) in text for code in range(32) if chr(code) not in "\t\n\f\r")


def _type_of_zip(data):
    if data.count(ENTRY) > MAX_ENTRIES:  # reading the directory would take seconds
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name.lower() for name in archive.namelist()]
            if any(macro in name for name in names for macro in MACROS):
                return None
            if names[0] == "mimetype":
                # Other methods have no limit: 100 bytes of bzip2 would become 4 GB in memory.
                if archive.infolist()[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    return None
                with archive.open("mimetype") as file:
                    media_type = file.read(100).decode("ascii")
                return media_type if media_type.startswith(OPEN_DOCUMENT) and media_type in SUFFIXES else None
    except Exception:  # the parser raises almost any exception for a crafted file
        return None
    if "[content_types].xml" not in names:
        return None
    return next((media_type for name, media_type in OFFICE_PARTS.items() if name in names), None)
