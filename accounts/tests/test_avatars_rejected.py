"""Uploads that are rejected as profile pictures, and the cost of decoding."""

import subprocess
import sys
import time

import pytest
from django.conf import settings as project
from django.core.files.storage import default_storage

from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import Page
from accounts.tests.pictures import picture, png_of, upload

MEGABYTE = 1024 * 1024


def profile(person, **changes):
    """Return what the profile form sends of `person`, with `changes`."""
    fields = {name: getattr(person, name) for name in ("first_name", "last_name", "email", "location", "description")}
    return fields | {"current_password": PASSWORD} | changes


def save(client, person, **changes):
    return client.post("/account/", profile(person, **changes))


def files():
    """List the pictures in the media folder."""
    return default_storage.listdir("avatars")[1] if default_storage.exists("avatars") else []


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

REFUSED = {
    "gif": (lambda: picture("GIF", mode="P", color=3), "is not a picture"),
    "gif named png": (lambda: picture("GIF", mode="P", color=3), "is not a picture"),
    "bmp": (lambda: b"BM" + bytes(60), "is not a picture"),
    "svg": (lambda: SVG, "is not a picture"),
    "html": (lambda: b"<!doctype html><script>alert(1)</script>", "is not a picture"),
    "html before a png": (lambda: b"<script>alert(1)</script>" + picture(), "is not a picture"),
    "gif and script": (lambda: b"GIF89a/*" + bytes(40) + b"*/=alert(1)", "is not a picture"),
    "postscript": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "is not a picture"),
    "truncated png": (lambda: picture("PNG", size=(300, 300))[:150], "is not a picture"),
    "truncated jpeg": (lambda: picture("JPEG")[:-600], "is not a picture"),
    "truncated webp": (lambda: picture("WEBP", lossless=True)[:100], "is not a picture"),
    "header only": (lambda: b"\x89PNG\r\n\x1a\n", "is not a picture"),
    "zeros": (lambda: bytes(5000), "is not a picture"),
    "empty": (lambda: b"", "empty"),
    "2 MB and a byte": (lambda: picture() + bytes(2 * MEGABYTE + 1 - len(picture())), "too large"),
    "5 MB": (lambda: bytes(5 * MEGABYTE), "too large"),
    "a row too many": (lambda: png_of(4000, 4001), "too many pixels"),
    "169 megapixels": (lambda: png_of(13_000, 13_000), "too many pixels"),
    "400 megapixels": (lambda: png_of(20_000, 20_000), "too many pixels"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_small_picture_is_refused_beside_the_field_and_the_rest_is_kept(as_, student, what):
    make, words = REFUSED[what]
    client, file = as_(student), upload(make())
    began = time.perf_counter()

    response = save(client, student, avatar=file, location="House Elm", first_name="Samuel")

    took = time.perf_counter() - began
    page = Page(response)
    assert words in page.error_beside("avatar")
    assert words in page.error_summary()[0]
    assert (page.value("location"), page.value("first_name")) == ("House Elm", "Samuel")
    assert files() == []
    student.refresh_from_db()
    assert (student.location, student.avatar.name) == ("", "")
    assert took < 3


def test_two_megabytes_to_the_byte_are_taken(as_, student):
    content = picture() + bytes(2 * MEGABYTE - len(picture()))

    assert save(as_(student), student, avatar=upload(content)).status_code == 302


def measure(content, tmp_path):
    """Read a picture in a process of its own; return what came of it, the seconds, and the megabytes it took more."""
    file = tmp_path / "picture"
    file.write_bytes(content)
    code = f"""
import resource, time, django
from pathlib import Path
django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.exceptions import ValidationError
from accounts.avatars import read_avatar
upload = SimpleUploadedFile("me.png", Path({str(file)!r}).read_bytes())
before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
try:
    read_avatar(upload)
    code = "read"
except ValidationError as problem:
    code = problem.code
took = time.perf_counter() - began
print(code, took, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "on", "PYTHONWARNINGS": "default"}
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=project.BASE_DIR, env=environment, capture_output=True, text=True, timeout=60
    )
    assert ran.stderr == ""
    code, took, megabytes = ran.stdout.split()
    return code, float(took), float(megabytes)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_far_too_many_pixels_are_refused_before_one_is_decoded(tmp_path, kind):
    if kind == "PNG":
        content = png_of(13_000, 13_000)
    else:
        # A WebP's frame header says 16,383 × 16,383 (268 megapixels); the rest of the file is a small picture's.
        content = bytearray(picture("WEBP", size=(64, 64), lossless=True))
        canvas = content.index(b"VP8X") + 12
        content[canvas : canvas + 6] = (16_382).to_bytes(3, "little") * 2
        content = bytes(content)

    code, took, megabytes = measure(content, tmp_path)

    assert code in ("too_many_pixels", "not_a_picture")
    assert took < 1
    assert megabytes < 300


def test_the_largest_picture_that_is_taken_costs_little(tmp_path):
    code, took, megabytes = measure(png_of(4000, 4000), tmp_path)

    assert code == "read"
    assert took < 5
    assert megabytes < 300
