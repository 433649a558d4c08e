"""Profile pictures."""

import io

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.storage import default_storage
from PIL import Image

from accounts.tests.factories import PASSWORD
from accounts.tests.helpers import Page, the_one_entry
from accounts.tests.pictures import SECRET_PLACE, picture, upload


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
def test_a_picture_becomes_a_small_webp_with_nothing_else_in_it(as_, student, content, name):
    response = save(as_(student), student, avatar=upload(content, name))

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


def test_the_file_has_a_random_name_and_the_old_one_is_deleted(as_, student, django_capture_on_commit_callbacks):
    names = []

    for _time in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            save(as_(student), student, avatar=upload(picture(), "sam.png"))
        student.refresh_from_db()
        names.append(student.avatar.name.removeprefix("avatars/"))

    assert names[0] != names[1]
    assert all(len(name) == len("f" * 32 + ".webp") and "sam" not in name for name in names)
    assert files() == [names[1]]


def test_a_picture_is_turned_as_the_camera_says(as_, student):
    sideways = Image.new("RGB", (200, 200), "blue")
    sideways.paste("red", (0, 0, 200, 100))
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    made = io.BytesIO()
    sideways.save(made, "JPEG", exif=exif)

    save(as_(student), student, avatar=upload(made.getvalue()))

    student.refresh_from_db()
    with Image.open(io.BytesIO(stored_picture(student))) as written:
        red, _green, blue = written.getpixel((128, 20))
    assert blue > 200 > 60 > red


def test_a_picture_that_is_something_else_too_loses_it(as_, student):
    both = picture("PNG") + b"<script>alert(1)</script>" + b"PK\x03\x04"

    save(as_(student), student, avatar=upload(both, "me.html", "text/html"))

    student.refresh_from_db()
    stored = stored_picture(student)
    assert b"script" not in stored
    assert b"PK\x03\x04" not in stored


def test_a_picture_can_be_removed(as_, student, django_capture_on_commit_callbacks):
    client = as_(student)
    assert Page(client.get("/account/")).by_id("id_remove_avatar") is None
    save(client, student, avatar=upload(picture()))
    LogEntry.objects.all().delete()

    with django_capture_on_commit_callbacks(execute=True):
        response = save(client, student, remove_avatar="on")

    assert response.status_code == 302
    student.refresh_from_db()
    assert (student.avatar.name, files()) == ("", [])
    assert the_one_entry()[3] == ["avatar"]


def test_a_new_picture_wins_over_removing_the_old_one(as_, student, django_capture_on_commit_callbacks):
    client = as_(student)
    save(client, student, avatar=upload(picture()))

    with django_capture_on_commit_callbacks(execute=True):
        save(client, student, avatar=upload(picture("JPEG")), remove_avatar="on")

    student.refresh_from_db()
    assert files() == [student.avatar.name.removeprefix("avatars/")]


def test_the_picture_is_sent_to_people_and_not_to_visitors(as_, student, classmate):
    save(as_(student), student, avatar=upload(picture()))
    student.refresh_from_db()

    sent = as_(classmate).get(student.avatar.url)

    assert sent.getvalue() == stored_picture(student)
    assert (sent.status_code, sent.headers["Content-Type"]) == (200, "image/webp")
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.headers["Cache-Control"].startswith("private")
    assert as_(None).get(student.avatar.url).status_code == 302
