"""Profile pictures."""

import io

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.storage import default_storage
from PIL import Image

from accounts.tests.helpers import Page, avatar_files, only_log_entry, prune_files, save_profile
from accounts.tests.pictures import SECRET_LOCATION, picture, upload


def stored_picture(user):
    with default_storage.open(user.avatar.name) as file:
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
def test_picture_is_reencoded_as_small_webp_without_metadata(client_for, student, content, name):
    response = save_profile(client_for(student), student, avatar=upload(content, name))

    assert response.status_code == 302
    student.refresh_from_db()
    stored = stored_picture(student)
    with Image.open(io.BytesIO(stored)) as image:
        assert (image.format, image.size, image.mode) == ("WEBP", (256, 256), "RGB")
        assert not image.getexif()
        assert not {"exif", "xmp", "icc_profile"} & set(image.info)
    assert SECRET_LOCATION.encode() not in stored
    assert b"SECRETCAM" not in stored
    assert only_log_entry()[3] == ["avatar"]


def test_picture_has_random_name_and_replaces_old_file(client_for, student):
    names = []

    for _ in range(2):
        save_profile(client_for(student), student, avatar=upload(picture(), "sam.png"))
        student.refresh_from_db()
        names.append(student.avatar.name.removeprefix("avatars/"))

    assert names[0] != names[1]
    assert all(len(name) == len("f" * 32 + ".webp") and "sam" not in name for name in names)
    assert sorted(avatar_files()) == sorted(names)
    prune_files()
    assert avatar_files() == [names[1]]


def test_picture_is_rotated_according_to_exif(client_for, student):
    original = Image.new("RGB", (200, 200), "blue")
    original.paste("red", (0, 0, 200, 100))
    exif = Image.Exif()
    exif[0x0112] = 3  # upside down
    buffer = io.BytesIO()
    original.save(buffer, "JPEG", exif=exif)

    save_profile(client_for(student), student, avatar=upload(buffer.getvalue()))

    student.refresh_from_db()
    with Image.open(io.BytesIO(stored_picture(student))) as image:
        red, _green, blue = image.getpixel((128, 20))
    assert blue > 200 > 60 > red


def test_data_after_picture_is_removed(client_for, student):
    content = picture("PNG") + b"<script>alert(1)</script>" + b"PK\x03\x04"

    save_profile(client_for(student), student, avatar=upload(content, "me.html", "text/html"))

    student.refresh_from_db()
    stored = stored_picture(student)
    assert b"script" not in stored
    assert b"PK\x03\x04" not in stored


def test_picture_can_be_removed(client_for, student):
    client = client_for(student)
    assert Page(client.get("/account/")).by_id("id_remove_avatar") is None
    save_profile(client, student, avatar=upload(picture()))
    LogEntry.objects.all().delete()

    response = save_profile(client, student, remove_avatar="on")

    assert response.status_code == 302
    student.refresh_from_db()
    assert student.avatar.name == ""
    prune_files()
    assert avatar_files() == []
    assert only_log_entry()[3] == ["avatar"]


def test_new_picture_takes_precedence_over_removal(client_for, student):
    client = client_for(student)
    save_profile(client, student, avatar=upload(picture()))

    save_profile(client, student, avatar=upload(picture("JPEG")), remove_avatar="on")

    student.refresh_from_db()
    prune_files()
    assert avatar_files() == [student.avatar.name.removeprefix("avatars/")]


def test_picture_is_served_to_signed_in_users_only(client_for, student, classmate):
    save_profile(client_for(student), student, avatar=upload(picture()))
    student.refresh_from_db()

    response = client_for(classmate).get(student.avatar.url)

    assert response.getvalue() == stored_picture(student)
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/webp")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"].startswith("private")
    assert client_for(None).get(student.avatar.url).status_code == 302
