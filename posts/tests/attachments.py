"""Uploads for tests of pictures and files in posts."""

import io
import zipfile

from django.core.files.storage import default_storage

from accounts.tests.pictures import picture, upload

ODT = "application/vnd.oasis.opendocument.text"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def photo(size=(2400, 1200), kind="JPEG", **options):
    """Return an upload of a picture with a location in its metadata."""
    return upload(picture(kind, size=size, **options), f"IMG_1.{kind.lower()}", f"image/{kind.lower()}")


def archive(entries, method=zipfile.ZIP_STORED):
    """Return a ZIP file with `entries`, {name: text}."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as output:
        for name, text in entries.items():
            output.writestr(name, text)
    return buffer.getvalue()


def docx(part="word/document.xml", **more):
    return archive({"[Content_Types].xml": "<x/>", part: "<x/>"} | more)


def odt(media_type=ODT, **more):
    return archive({"mimetype": media_type, "content.xml": "<x/>"} | more)


def document(content=b"%PDF-1.7 x", name="Plan.pdf"):
    return upload(content, name, "application/octet-stream")


def stored_files():
    """Return the names of the files of pictures and files in posts."""
    return default_storage.listdir("attachments")[1] if default_storage.exists("attachments") else []


def content_of(attachment):
    with attachment.file.open() as file:
        return file.read()


def status_of(client, url):
    """Return the status of a response. Reading the file closes it."""
    response = client.get(url)
    response.getvalue()
    return response.status_code
