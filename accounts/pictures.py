"""Uploaded pictures: profile pictures, and pictures in posts."""

import contextlib
import hashlib
import io
import math
import secrets
import warnings
from collections.abc import Callable
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

FORMATS = ("PNG", "JPEG", "WEBP")
JPEG_END = b"\xff\xd9"
PNG_END = b"IEND\xaeB`\x82"
SCAN = b"\xff\xda"  # starts a scan of a JPEG file; photos have about 10
ERRORS = {
    "too_large": _("This file is too large. Choose a picture of at most %(megabytes)d MB."),
    "too_many_pixels": _("This picture has too many pixels. Choose one with at most %(side)d×%(side)d."),
    "too_complex": _("This file is too complex. Open it in a picture editor, save it as a new JPEG, and choose that."),
    "incomplete": _("The file is incomplete. Save or download it again, or choose another."),
    "not_a_picture": _("This file is not a picture that we can read. Choose a PNG, JPEG or WebP file."),
}

# Limits on what Pillow does to decode a file: 150 MB of memory, and 1 s of CPU time for a file that it decodes twice.
# Without the limits, a file of 3 KB takes minutes.
WEBP_MAX_PIXELS = 9_000_000  # because each takes 16 bytes of memory
MAX_SIDE = 16_000  # pixels, because each row takes memory and time
MAX_SCANS = 100
MAX_SCANNED = 20 * settings.AVATAR_MAX_PIXELS  # pixels of all scans
MAX_READS = 20_000  # steps in which Pillow reads a file; a segment of a JPEG or a chunk of a PNG takes three
MAX_PARTS = {b"Exif\0\0": 5, b"iCCP": 5}  # parts that Pillow parses each time they occur
MAX_EXIF = 65_536  # bytes; a JPEG segment has this size at most
UNLIMITED_PROFILE = b"mpet"  # a colour profile with any number of steps for each colour; no camera uses it
Image.MAX_IMAGE_PIXELS = settings.AVATAR_MAX_PIXELS  # Pillow's own limit, with a tolerance, before it allocates memory
warnings.simplefilter("error", Image.DecompressionBombWarning)
# Pillow refuses pictures with larger colour profiles or texts.
PngImagePlugin.MAX_TEXT_CHUNK = 4 * 1024 * 1024
PngImagePlugin.MAX_TEXT_MEMORY = 8 * 1024 * 1024  # of all texts


class Shape(NamedTuple):
    """The pictures to make: the longer edge in pixels, that of the decoded JPEG, and `resize(picture, size)`."""

    size: int
    draft: int
    resize: Callable[[Image.Image, int], Image.Image]


def read_avatar(upload):
    """Return an uploaded picture as a WebP file of 256×256 pixels. Raises as `_read` does."""
    shape = Shape(settings.AVATAR_SIZE, 2 * settings.AVATAR_SIZE, _fit_square)
    return _to_file(_read(upload, settings.AVATAR_MAX_BYTES, shape))


def read_picture(upload):
    """Return an uploaded picture as a WebP file whose longer edge has at most 1,600 pixels, its width and its height.

    Raises as `_read` does.
    """
    picture = _read(upload, settings.PICTURE_MAX_BYTES, Shape(settings.PICTURE_SIZE, settings.PICTURE_SIZE, _shrink))
    return _to_file(picture), *picture.size


def is_picture(start: bytes) -> bool:
    """Return whether a file that starts with these 12 bytes claims to be a picture that `read_picture` can read."""
    return start.startswith((b"\x89PNG", b"\xff\xd8")) or (start.startswith(b"RIFF") and start[8:12] == b"WEBP")


def _read(upload, max_bytes, shape):
    """Return an uploaded picture, in sRGB. Raises ValidationError.

    The codes are `too_large` (in bytes), `too_many_pixels`, `too_complex`, `incomplete`, or `not_a_picture` if the file
    cannot be decoded as PNG, JPEG or WebP. The limits are checked before the picture is decoded. Only the first frame
    of an animation is decoded. The server runs one request with a file at a time in each process.
    """
    if upload.size > max_bytes:
        raise _error("too_large", megabytes=max_bytes // (1024 * 1024))
    data = upload.read()
    if any(data.count(part) > limit for part, limit in MAX_PARTS.items()):
        raise _error("too_complex")
    try:
        return _to_srgb(_decode(data, shape))
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _error("too_many_pixels", side=math.isqrt(settings.AVATAR_MAX_PIXELS)) from error
    except Exception as error:  # the decoders raise almost any exception for a crafted file
        raise _error("incomplete" if _lacks_end(data) else "not_a_picture") from error


def _to_file(picture):
    """Return a picture as a WebP file without metadata and with a random name."""
    output = io.BytesIO()
    picture.save(output, "WEBP", quality=82, method=4)
    return ContentFile(output.getvalue(), name=f"{secrets.token_hex(16)}.webp")


class _File(io.BytesIO):
    """A file that can be read in at most MAX_READS steps."""

    reads = 0

    def read(self, *args):
        self.reads += 1
        if self.reads > MAX_READS:
            raise OSError("The file has too many parts.")
        return super().read(*args)


def _error(code, **params):
    return ValidationError(ERRORS[code], code=code, params=params)


def _lacks_end(data):
    if data.startswith(b"RIFF"):
        is_short = len(data) < 8 + int.from_bytes(data[4:8], "little")
        return data[8:12] == b"WEBP" and (is_short or data.endswith(bytes(16)))
    return data.startswith(b"\xff\xd8") and JPEG_END not in data[-12:]


def _decode(data, shape):
    """Decode and resize a file, also a JPEG file without its end marker. Raises `incomplete` if rows are missing.

    The decoders do not report missing rows. In JPEG and WebP files, these depend on the bytes that follow the data, so
    the file is decoded again with other bytes if it may end too early.
    """
    if data.startswith(b"\x89PNG"):
        if PNG_END not in data:
            raise _error("incomplete")
        return _resize(_open(data, shape), shape)
    is_jpeg = data.startswith(b"\xff\xd8")
    picture = _open(data + JPEG_END if is_jpeg else data, shape)
    # An interrupted download may end in zeros. So do the data of a picture of one colour, but in fewer.
    zeros = 16 + picture.width * picture.height // 8192
    other = data[: len(data.rstrip(b"\0")) + zeros]
    if is_jpeg:
        other = other.removesuffix(JPEG_END).rstrip(b"\xff") + 64 * b"\x55" + JPEG_END
    else:
        other = other.ljust(len(data), b"\x55")
    if other == data:
        return _resize(picture, shape)
    # Only one of the pictures is in memory at a time.
    digest, picture = _digest(picture), _resize(picture, shape)
    if digest != _digest(_open(other, shape)):
        raise _error("incomplete")
    return picture


def _digest(picture):
    digest = hashlib.blake2b()
    for top in range(0, picture.height, 100):  # in parts, because `tobytes` copies them twice
        digest.update(picture.crop((0, top, picture.width, min(top + 100, picture.height))).tobytes())
    return digest.digest()


def _open(data, shape):
    with Image.open(_File(data), formats=FORMATS) as picture:
        _check(picture, data)
        picture.draft("RGB", (shape.draft,) * 2)  # decodes a JPEG at a fraction of its size
        picture.load()
        return picture


def _check(picture, data):
    """Raise `too_many_pixels` or `too_complex` if the picture would take too much time or memory to decode."""
    pixels = picture.width * picture.height
    limit = WEBP_MAX_PIXELS if picture.format == "WEBP" else settings.AVATAR_MAX_PIXELS
    if pixels > limit or max(picture.size) > MAX_SIDE:
        raise _error("too_many_pixels", side=math.isqrt(limit))
    scans = data.count(SCAN) if data.startswith(b"\xff\xd8") else 0
    if scans > MAX_SCANS or scans * pixels > MAX_SCANNED:
        raise _error("too_complex")


def _resize(picture, shape):
    """Return a picture in its new size, upright, in the mode L, LA, RGB, RGBA or CMYK."""
    if picture.mode == "I;16":  # grey; Pillow would turn all values above 255 into white
        transparency = picture.info.pop("transparency", None)
        picture = picture.point(lambda value: value / 256).convert("L")
        if transparency is not None:
            picture.info["transparency"] = transparency // 256
    if picture.mode != "CMYK":
        mode = "L" if picture.mode in ("1", "L", "LA") else "RGB"
        mode = f"{mode}A" if picture.has_transparency_data else mode
        # Without a reference to the original, its memory is free for the conversions that follow.
        picture = picture.convert(mode) if picture.mode != mode else picture
    # Pillow resizes in the mode RGBa, but would keep the original in memory.
    picture = picture.convert("RGBa") if picture.mode == "RGBA" else picture
    picture = shape.resize(picture, shape.size)
    picture = picture.convert("RGBA") if picture.mode == "RGBa" else picture
    for name in ("exif", "Raw profile type exif"):
        if len(picture.info.get(name, "")) > MAX_EXIF:
            del picture.info[name]
    with contextlib.suppress(Exception):  # invalid EXIF data raise almost any exception, too
        picture = ImageOps.exif_transpose(picture)
    return picture


def _fit_square(picture, size):
    """Return the square in the middle of a picture."""
    return ImageOps.fit(picture, (size, size), Image.Resampling.LANCZOS)


def _shrink(picture, size):
    """Return a picture whose longer edge has at most `size` pixels."""
    if max(picture.size) <= size:
        return picture
    return ImageOps.contain(picture, (size, size), Image.Resampling.LANCZOS)


def _to_srgb(picture):
    """Return a picture in the mode RGB and the colour space sRGB, on white. Ignores an invalid colour profile."""
    mode = picture.mode.removesuffix("A")
    colours = picture.convert("RGB")
    data = picture.info.get("icc_profile") or b""
    if data and UNLIMITED_PROFILE not in data:
        with contextlib.suppress(ImageCms.PyCMSError):
            profile = ImageCms.getOpenProfile(io.BytesIO(data))
            if profile.profile.xcolor_space.strip() == {"L": "GRAY"}.get(mode, mode):
                srgb = ImageCms.createProfile("sRGB")
                colours = ImageCms.profileToProfile(picture.convert(mode), profile, srgb, outputMode="RGB")
    result = Image.new("RGB", picture.size, "white")
    result.paste(colours, mask=picture.getchannel("A") if picture.mode != mode else None)
    return result
