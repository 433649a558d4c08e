"""Profile pictures show the colours of the uploaded picture, whatever its format."""

import io
import struct

import pytest
from PIL import Image, ImageDraw

from accounts.pictures import read_avatar
from accounts.tests.pictures import icc_profile, picture, png, png_chunk, upload, xyz

GREYS = [0, 0x7FFF, 0xFFFF]
GREY = [(0, 0, 0), (128, 128, 128), (255, 255, 255)]
RED, BLUE = (200, 30, 30), (0, 0, 255)
PALETTE = png_chunk(b"PLTE", bytes([255, 0, 0, 0, 255, 0, 0, 0, 255]))
COLOURS = [(255, 0, 0), (0, 255, 0), (0, 0, 255)]


def profile(space, gamma, **colours):
    """Return an ICC profile for the colour space b"RGB " or b"GRAY". `colours` are the XYZ values of r, g and b."""
    curve = struct.pack(">4s4xIHxx", b"curv", 1, round(gamma * 256))
    tags = {f"{name}XYZ".encode(): xyz(*values) for name, values in colours.items()}
    tags |= {f"{name}TRC".encode(): curve for name in ("rgb" if colours else "k")}
    return icc_profile(space, tags)


ADOBE_RGB = profile(
    b"RGB ", 2.2, r=(0.60974, 0.31111, 0.01947), g=(0.20528, 0.62567, 0.06087), b=(0.14919, 0.06322, 0.74457)
)
DISPLAY_P3 = profile(
    b"RGB ", 2.2, r=(0.51512, 0.24120, -0.00105), g=(0.29198, 0.69225, 0.04189), b=(0.15710, 0.06657, 0.78407)
)
LINEAR_GREY = profile(b"GRAY", 1)


def bands(content):
    """Return the colours of the left, middle and right third of the profile picture made from a file."""
    with Image.open(read_avatar(upload(content))) as image:
        assert (image.format, image.size, image.mode) == ("WEBP", (256, 256), "RGB")
        assert not {"exif", "xmp", "icc_profile"} & set(image.info)
        return [image.getpixel((x, 128)) for x in (40, 128, 215)]


def is_close(colours, expected):
    return all(abs(a - b) < 12 for pair in zip(colours, expected, strict=True) for a, b in zip(*pair, strict=True))


def row(*values):
    """Return the bytes of a PNG row with three bands of 100 pixels."""
    return b"".join(value * 100 for value in values)


def words(count, *more):
    return [struct.pack(">H", grey) * count + b"".join(more) for grey in GREYS]


PNGS = {
    "1 bit": (png(304, 300, 1, 0, bytes(19) + b"\xff" * 19), [GREY[0], GREY[2], GREY[2]]),
    "4 bits": (png(300, 300, 4, 0, b"\0" * 50 + b"\x88" * 50 + b"\xff" * 50), [GREY[0], (136, 136, 136), GREY[2]]),
    "8 bits, one grey transparent": (
        png(300, 300, 8, 0, row(b"\0", b"\x80", b"\xff"), png_chunk(b"tRNS", b"\0\0")),
        [GREY[2], GREY[1], GREY[2]],
    ),
    "16 bits": (png(300, 300, 16, 0, row(*words(1))), GREY),
    "16 bits, one grey transparent": (
        png(300, 300, 16, 0, row(*words(1)), png_chunk(b"tRNS", b"\0\0")),
        [GREY[2], GREY[1], GREY[2]],
    ),
    "16 bits with alpha": (png(300, 300, 16, 4, row(*words(1, b"\xff\xff"))), GREY),
    "16 bits RGB": (png(300, 300, 16, 2, row(*words(3))), GREY),
    "16 bits RGB with alpha": (png(300, 300, 16, 6, row(*words(3, b"\0\0"))), [GREY[2]] * 3),
    "palette": (png(300, 300, 8, 3, row(b"\0", b"\1", b"\2"), PALETTE), COLOURS),
    "palette with transparency": (
        png(300, 300, 8, 3, row(b"\0", b"\1", b"\2"), PALETTE + png_chunk(b"tRNS", b"\xff\0\xff")),
        [COLOURS[0], GREY[2], COLOURS[2]],
    ),
    "grey with alpha": (picture("PNG", mode="LA", color=(128, 255)), [GREY[1]] * 3),
}


@pytest.mark.parametrize("name", PNGS)
def test_png_of_every_kind_has_its_colours(name):
    content, expected = PNGS[name]

    assert is_close(bands(content), expected)


FRAMES = {"save_all": True, "append_images": [Image.new("RGB", (400, 300), "blue")]}


@pytest.mark.parametrize(
    ("content", "colour"),
    [
        (picture("JPEG"), RED),
        (picture("JPEG", mode="L", color=128), GREY[1]),
        (picture("JPEG", mode="CMYK", color=(0, 255, 255, 0)), (255, 0, 0)),
        (picture("PNG", **FRAMES), RED),
        (picture("WEBP", **FRAMES), RED),
        (picture("MPO", **FRAMES), RED),
    ],
    ids=["jpeg", "grey jpeg", "cmyk jpeg", "animated png", "animated webp", "several pictures in a jpeg"],
)
def test_picture_has_its_colour_and_shows_the_first_frame(content, colour):
    assert is_close(bands(content), [colour] * 3)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize(
    ("icc", "colour", "expected"),
    [
        (ADOBE_RGB, (219, 0, 0), (255, 0, 0)),
        (ADOBE_RGB, (144, 255, 60), (0, 255, 0)),
        (DISPLAY_P3, (234, 51, 35), (255, 0, 0)),
        (DISPLAY_P3, (117, 251, 76), (12, 255, 0)),
        (b"broken", RED, RED),
        (ADOBE_RGB[:200], RED, RED),
        (LINEAR_GREY, RED, RED),
        (ADOBE_RGB + bytes(1_500_000), (219, 0, 0), (255, 0, 0)),
    ],
    ids=["adobe red", "adobe green", "p3 red", "p3 green", "broken", "cut", "of another colour space", "huge"],
)
def test_colours_are_converted_to_srgb_if_the_profile_is_valid(kind, icc, colour, expected):
    assert is_close(bands(picture(kind, color=colour, icc_profile=icc)), [expected] * 3)


def test_grey_and_transparent_pictures_are_converted_to_srgb():
    assert is_close(bands(picture("PNG", mode="L", color=128, icc_profile=LINEAR_GREY)), [(188, 188, 188)] * 3)
    assert is_close(
        bands(picture("PNG", mode="RGBA", color=(219, 0, 0, 128), icc_profile=ADOBE_RGB)), [(255, 127, 127)] * 3
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "top"),
    [(0, RED), (1, RED), (2, RED), (3, BLUE), (4, BLUE), (5, None), (6, None), (8, None), (9, RED)],
)
def test_picture_is_turned_upright(kind, orientation, top):
    original, exif, file = Image.new("RGB", (300, 300), BLUE), Image.Exif(), io.BytesIO()
    ImageDraw.Draw(original).rectangle((0, 0, 300, 150), RED)
    exif[0x0112] = orientation
    original.save(file, kind, exif=exif)

    with Image.open(read_avatar(upload(file.getvalue()))) as image:
        shown = [image.getpixel(point) for point in ((128, 20), (128, 236))]

    assert is_close(shown, [top, BLUE if top == RED else RED]) if top else not is_close(shown, [RED, BLUE])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("exif", [b"Exif\0\0garbage", b"x" * 20, b"Exif\0\0"])
def test_picture_with_invalid_metadata_is_accepted(kind, exif):
    file = io.BytesIO()
    Image.new("RGB", (300, 300), RED).save(file, kind, exif=exif)

    assert is_close(bands(file.getvalue()), [RED] * 3)
