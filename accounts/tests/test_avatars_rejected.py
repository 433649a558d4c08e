"""Profile pictures that are rejected."""

import time

import pytest

from accounts.tests.helpers import Page, avatar_files, save_profile
from accounts.tests.pictures import jpeg_with_scans, picture, png, upload

MEGABYTE = 1024 * 1024

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

REJECTED = {
    "gif": (lambda: picture("GIF", mode="P", color=3), "is not a picture"),
    "gif named png": (lambda: picture("GIF", mode="P", color=3), "is not a picture"),
    "bmp": (lambda: b"BM" + bytes(60), "is not a picture"),
    "svg": (lambda: SVG, "is not a picture"),
    "html": (lambda: b"<!doctype html><script>alert(1)</script>", "is not a picture"),
    "html before a png": (lambda: b"<script>alert(1)</script>" + picture(), "is not a picture"),
    "gif and script": (lambda: b"GIF89a/*" + bytes(40) + b"*/=alert(1)", "is not a picture"),
    "postscript": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "is not a picture"),
    "truncated png": (lambda: picture("PNG", size=(300, 300))[:150], "file is incomplete"),
    "truncated jpeg": (lambda: picture("JPEG")[:-600], "file is incomplete"),
    "truncated webp": (lambda: picture("WEBP", lossless=True)[:100], "file is incomplete"),
    "header only": (lambda: b"\x89PNG\r\n\x1a\n", "file is incomplete"),
    "zeros": (lambda: bytes(5000), "is not a picture"),
    "empty": (lambda: b"", "empty"),
    "2 MB and a byte": (lambda: picture() + bytes(2 * MEGABYTE + 1 - len(picture())), "too large"),
    "5 MB": (lambda: bytes(5 * MEGABYTE), "too large"),
    "one row too many": (lambda: png(4000, 4001), "too many pixels"),
    "169 megapixels": (lambda: png(13_000, 13_000), "too many pixels"),
    "one pixel too wide": (lambda: png(16_001, 10), "too many pixels"),
    "16 megapixels of webp": (lambda: picture("WEBP", size=(4000, 4000)), "at most 3000×3000"),
    "101 scans": (lambda: jpeg_with_scans(101, (300, 300)), "too complex"),
    "400 megapixels": (lambda: png(20_000, 20_000), "too many pixels"),
}


@pytest.mark.parametrize("name", REJECTED)
def test_rejected_picture_shows_error_and_preserves_other_fields(client_for, student, name):
    make, message = REJECTED[name]
    client, file = client_for(student), upload(make())
    start = time.perf_counter()

    response = save_profile(client, student, avatar=file, location="House Elm", first_name="Samuel")

    elapsed = time.perf_counter() - start
    page = Page(response)
    assert message in page.field_error("avatar")
    assert message in page.error_summary()[0]
    assert (page.value("location"), page.value("first_name")) == ("House Elm", "Samuel")
    assert avatar_files() == []
    student.refresh_from_db()
    assert (student.location, student.avatar.name) == ("", "")
    assert elapsed < 3


def test_picture_of_exactly_two_megabytes_is_accepted(client_for, student):
    content = picture() + bytes(2 * MEGABYTE - len(picture()))

    assert save_profile(client_for(student), student, avatar=upload(content)).status_code == 302
