"""Profile pictures from files that are cut off."""

import io
from itertools import count
from random import Random

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from accounts.pictures import read_avatar
from accounts.tests.helpers import Page, save_profile
from accounts.tests.pictures import picture, upload

END = b"\xff\xd9"


def photo(kind, seed=0, **options):
    """Return a file whose pixels all differ, so that missing rows are visible."""
    file = io.BytesIO()
    Image.frombytes("L", (400, 300), Random(seed).randbytes(400 * 300)).convert("RGB").save(file, kind, **options)
    return file.getvalue()


def result(content):
    """Return the profile picture made from a file, or the code of the error."""
    try:
        return read_avatar(upload(content)).read()
    except ValidationError as error:
        return error.code


def logo(kind, size=(1000, 700), **options):
    """Return a file with a large area of one colour, whose data may end in zeros."""
    file = io.BytesIO()
    image = Image.new("RGB", size, "white")
    image.paste("red", (10, 10, 60, 60))
    image.save(file, kind, **options)
    return file.getvalue()


@pytest.fixture(scope="module")
def jpegs():
    """Return the profile picture of each of many files."""
    files = [
        photo("JPEG", seed=quality, progressive=kind, quality=quality)
        for kind in (False, True)
        for quality in range(60, 90, 2)
    ]
    # The last byte of the data is a zero, as in every tenth file, or the data end in many of them.
    files += [next(file for seed in count() if (file := photo("JPEG", seed=seed)).endswith(b"\0" + END))]
    files += [logo("JPEG", size=(90, 70))]
    return {file: result(file) for file in files}


@pytest.mark.parametrize("tail", [b"", b"\xff", b"\0", bytes(5000)], ids=["nothing", "half of it", "a zero", "zeros"])
def test_jpeg_without_end_marker_is_accepted(jpegs, tail):
    assert all(result(file.removesuffix(END) + tail) == complete for file, complete in jpegs.items())


@pytest.mark.parametrize(
    ("kind", "options"),
    [("JPEG", {"optimize": True}), ("WEBP", {"size": (3000, 3000)}), ("WEBP", {"lossless": True}), ("PNG", {})],
    ids=str,
)
def test_picture_whose_data_end_in_zeros_is_accepted(kind, options):
    content = logo(kind, **options)

    assert len(result(content)) > 100
    assert result(content + bytes(5000)) == result(content)


def test_jpeg_with_data_after_its_end_is_accepted():
    content = photo("JPEG")

    assert result(content + b"more" * 1000) == result(content)
    assert result(photo("MPO", save_all=True, append_images=[Image.new("RGB", (400, 300))])[:-500]) != "incomplete"


KINDS = [
    ("JPEG", {}),
    ("JPEG", {"progressive": True}),
    ("JPEG", {"quality": 30}),
    ("PNG", {}),
    ("WEBP", {}),
    ("WEBP", {"lossless": True}),
]


@pytest.mark.parametrize(("kind", "options"), KINDS, ids=str)
@pytest.mark.parametrize("part", [0.99, 0.9, 0.5, 0.1, 0.01])
def test_picture_that_is_cut_off_is_incomplete(kind, options, part):
    content = photo(kind, **options)
    length = len(content)
    content = content[: int(length * part)]

    assert {result(content), result(content.ljust(length, b"\0"))} == {"incomplete"}
    if kind == "JPEG" and part > 0.01:  # the shortest part contains no pixels
        assert result(content + END) == "incomplete"


def test_picture_of_one_colour_that_is_cut_off_and_ends_in_zeros_is_incomplete():
    files = [logo("WEBP", lossless=True), logo("WEBP"), logo("PNG")]

    assert {result(file[: len(file) // 2].ljust(len(file), b"\0")) for file in files} == {"incomplete"}


def test_plain_jpeg_that_is_cut_off_is_incomplete():
    content = picture("JPEG", size=(400, 300))

    assert {result(content[:-length]) for length in (100, 200, 300)} == {"incomplete"}


def test_form_shows_that_the_file_is_incomplete(client_for, student):
    content = photo("JPEG")

    page = Page(save_profile(client_for(student), student, avatar=upload(content[: len(content) * 9 // 10])))

    assert page.field_error("avatar").startswith("The file is incomplete.")


@pytest.mark.parametrize("wrong", [{"location": "9B"}, {"email": "kim@school.example"}, {"description": "short"}])
def test_picture_must_be_chosen_again_if_another_field_is_wrong(client_for, student, classmate, wrong):
    page = Page(save_profile(client_for(student), student, avatar=upload(picture()), **wrong))

    assert page.field_error("avatar") == "Choose the picture again. It is not saved until all fields are correct."
    assert set(page.error_summary()[1]) == {"id_avatar", *(f"id_{name}" for name in wrong)}
    assert page.error_summary()[0].startswith("Please correct the 2 errors below")


def test_form_without_picture_does_not_require_it(client_for, student):
    assert Page(save_profile(client_for(student), student, location="9B")).field_error("avatar") == ""
