"""One's own account: what one says of oneself, and one's picture."""

import io
import subprocess
import sys
import time

import pytest
from django.conf import settings as project
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.files.storage import default_storage
from PIL import Image

from accounts.models import User
from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import Page, the_one_entry
from accounts.tests.pictures import SECRET_PLACE, picture, png_of, upload

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


def stored_picture(person):
    with default_storage.open(person.avatar.name) as file:
        return file.read()


def test_what_one_says_of_oneself_is_saved(client_for, student):
    response = client_for(student).post(
        "/account/",
        {
            "first_name": "  Zoë ",
            "last_name": "Żółć 李",
            "email": "New@School.example",
            "current_password": PASSWORD,
            "location": "House   Elm",
            "description": "Chess.\r\nAnd bees.",
        },
        follow=True,
    )

    student.refresh_from_db()
    assert "Your profile is saved." in Page(response).text()
    assert (student.first_name, student.last_name, student.email) == ("Zoë", "Żółć 李", "new@school.example")
    assert (student.location, student.description) == ("House Elm", "Chess.\nAnd bees.")


def test_the_record_names_the_changed_fields_only(client_for, student):
    save(client_for(student), student, location="House Elm", email="SAM@school.example", first_name=" Sam ")

    assert the_one_entry() == (student.pk, str(student.pk), CHANGE, ["location"], "")


def test_saving_nothing_new_records_nothing(client_for, student):
    before = User.objects.get(pk=student.pk).updated_at

    assert save(client_for(student), student).status_code == 302

    assert not LogEntry.objects.exists()
    assert User.objects.get(pk=student.pk).updated_at == before


@pytest.mark.parametrize("password", ["", "not my password", "x" * 5_000])
def test_an_address_is_not_changed_without_the_password(client_for, student, password):
    response = save(
        client_for(student), student, email="mallory@school.example", location="House Elm", current_password=password
    )

    page = Page(response)
    assert "Type your password" in page.error_beside("current_password")
    assert page.value("location") == "House Elm"
    student.refresh_from_db()
    assert (student.email, student.location) == ("sam@school.example", "")


def test_everything_else_is_changed_without_the_password(client_for, student):
    save(client_for(student), student, email="SAM@school.example", location="House Elm", current_password="")

    student.refresh_from_db()
    assert student.location == "House Elm"


@pytest.mark.parametrize("taken", ["kim@school.example", "KIM@School.example", "ms.hale@school.example"])
def test_an_address_that_is_taken_is_refused_beside_the_field(client_for, student, classmate, teacher, taken):
    response = save(client_for(student), student, email=taken, location="House Elm")

    page = Page(response)
    assert "Somebody is registered with this email address already." in page.error_beside("email")
    assert page.error_summary()[1] == ["id_email"]
    assert (page.value("email"), page.value("location")) == (taken, "House Elm")
    student.refresh_from_db()
    assert (student.email, student.location) == ("sam@school.example", "")


def test_an_address_taken_a_moment_ago_is_refused_beside_the_field(client_for, student, classmate, monkeypatch):
    monkeypatch.setattr("django.db.models.Model.validate_unique", lambda *args, **kwargs: None)

    response = save(client_for(student), student, email="kim@school.example", location="House Elm")

    page = Page(response)
    assert page.error_beside("email")
    assert page.value("location") == "House Elm"


def test_a_form_with_an_error_leaves_the_frame_of_the_page_as_it_was(client_for, student):
    response = save(client_for(student), student, first_name="Mallory", email="not an address")

    header = Page(response).by_class("menu-who")[0]
    assert "Sam Okafor" in "".join(header.itertext())


RULES = [
    ("email", ""), ("email", "sam"), ("email", "zoë@school.example"), ("location", "ab"), ("location", "a" * 41),
    ("description", "too short"), ("description", "a" * 201), ("first_name", "a" * 151), ("last_name", "a" * 151),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), RULES, ids=[f"{field} {len(value)}" for field, value in RULES])
def test_what_breaks_a_rule_is_said_beside_the_field_and_kept(client_for, student, field, value):
    page = Page(save(client_for(student), student, **{field: value}))

    assert page.error_beside(field)
    assert page.error_beside(field) in page.error_summary()[0]
    assert page.value(field) == value
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    "name",
    sorted(
        {field.name for field in User._meta.concrete_fields}
        - {"first_name", "last_name", "email", "location", "description", "updated_at"}
    ),
)
def test_the_profile_form_changes_nothing_else(client_for, pending_teacher, name):
    before = User.objects.values().get(pk=pending_teacher.pk)

    for value in ("1", "on", "admin", "2020-01-01 00:00", "avatars/another.webp"):
        save(client_for(pending_teacher), pending_teacher, **{name: value})

    after = User.objects.values().get(pk=pending_teacher.pk)
    assert after | {"last_login": None} == before | {"last_login": None}


# --- The picture ---


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (picture("PNG"), "me.png"),
        (picture("JPEG"), "me.jpg"),
        (picture("WEBP"), "me.webp"),
        (picture("JPEG", size=(20, 3000)), "me.png"),
        (picture("PNG", mode="RGBA", color=(1, 2, 3, 0)), "../../../etc/me.svg"),
        (picture("PNG", mode="P", color=3), "me.html"),
        (picture("JPEG", mode="CMYK", color=(0, 0, 0, 0)), "me"),
        (picture("PNG", mode="I;16", color=9), "x" * 300 + ".png"),
        (picture("PNG", size=(1, 1)), "me.png"),
        (picture("PNG", size=(4000, 4000)), "me.png"),
    ],
    ids=["png", "jpeg", "webp", "tall", "transparent", "palette", "cmyk", "16 bit", "1 pixel", "16 megapixels"],
)
def test_a_picture_becomes_a_small_webp_with_nothing_else_in_it(client_for, student, content, name):
    response = save(client_for(student), student, avatar=upload(content, name))

    assert response.status_code == 302
    student.refresh_from_db()
    stored = stored_picture(student)
    with Image.open(io.BytesIO(stored)) as written:
        assert (written.format, written.size, written.mode) == ("WEBP", (256, 256), "RGB")
        assert not written.getexif()
        assert not {"exif", "xmp", "icc_profile"} & set(written.info)
    assert SECRET_PLACE.encode() not in stored
    assert b"SECRETCAM" not in stored
    assert the_one_entry()[3] == ["avatar"]


def test_the_file_has_a_random_name_and_the_old_one_is_deleted(client_for, student, django_capture_on_commit_callbacks):
    names = []

    for _time in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            save(client_for(student), student, avatar=upload(picture(), "sam.png"))
        student.refresh_from_db()
        names.append(student.avatar.name.removeprefix("avatars/"))

    assert names[0] != names[1]
    assert all(len(name) == len("f" * 32 + ".webp") and "sam" not in name for name in names)
    assert files() == [names[1]]


def test_a_picture_is_turned_as_the_camera_says(client_for, student):
    sideways = Image.new("RGB", (200, 200), "blue")
    sideways.paste("red", (0, 0, 200, 100))
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    made = io.BytesIO()
    sideways.save(made, "JPEG", exif=exif)

    save(client_for(student), student, avatar=upload(made.getvalue()))

    student.refresh_from_db()
    with Image.open(io.BytesIO(stored_picture(student))) as written:
        red, _green, blue = written.getpixel((128, 20))
    assert blue > 200 > 60 > red


def test_a_picture_that_is_something_else_too_loses_it(client_for, student):
    both = picture("PNG") + b"<script>alert(1)</script>" + b"PK\x03\x04"

    save(client_for(student), student, avatar=upload(both, "me.html", "text/html"))

    student.refresh_from_db()
    stored = stored_picture(student)
    assert b"script" not in stored
    assert b"PK\x03\x04" not in stored


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
def test_what_is_no_small_picture_is_refused_beside_the_field_and_the_rest_is_kept(client_for, student, what):
    make, words = REFUSED[what]
    client, file = client_for(student), upload(make())
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


def test_two_megabytes_to_the_byte_are_taken(client_for, student):
    content = picture() + bytes(2 * MEGABYTE - len(picture()))

    assert save(client_for(student), student, avatar=upload(content)).status_code == 302


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


def test_a_picture_can_be_removed(client_for, student, django_capture_on_commit_callbacks):
    client = client_for(student)
    assert Page(client.get("/account/")).by_id("id_remove_avatar") is None
    save(client, student, avatar=upload(picture()))
    LogEntry.objects.all().delete()

    with django_capture_on_commit_callbacks(execute=True):
        response = save(client, student, remove_avatar="on")

    assert response.status_code == 302
    student.refresh_from_db()
    assert (student.avatar.name, files()) == ("", [])
    assert the_one_entry()[3] == ["avatar"]


def test_a_new_picture_wins_over_removing_the_old_one(client_for, student, django_capture_on_commit_callbacks):
    client = client_for(student)
    save(client, student, avatar=upload(picture()))

    with django_capture_on_commit_callbacks(execute=True):
        save(client, student, avatar=upload(picture("JPEG")), remove_avatar="on")

    student.refresh_from_db()
    assert files() == [student.avatar.name.removeprefix("avatars/")]


def test_the_picture_is_sent_to_people_and_not_to_visitors(client_for, student, classmate):
    save(client_for(student), student, avatar=upload(picture()))
    student.refresh_from_db()

    sent = client_for(classmate).get(student.avatar.url)

    assert sent.getvalue() == stored_picture(student)
    assert (sent.status_code, sent.headers["Content-Type"]) == (200, "image/webp")
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.headers["Cache-Control"].startswith("private")
    assert client_for(None).get(student.avatar.url).status_code == 302
