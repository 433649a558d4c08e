"""Uploaded profile pictures."""

import contextlib
import io
import secrets
import threading

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

FORMATS = ("PNG", "JPEG", "WEBP")
JPEG_END = b"\xff\xd9"
ERRORS = {
    "too_large": _("This file is too large. Choose a picture of at most %(megabytes)d MB."),
    "too_many_pixels": _("This picture has too many pixels. Choose one with at most 16 megapixels, such as 4000×4000."),
    "incomplete": _("The file is incomplete. Save or download it again, or choose another."),
    "not_a_picture": _("This file is not a picture that we can read. Choose a PNG, JPEG or WebP file."),
}

# Decoding takes up to 0.5 s of CPU time and 150 MB of memory, and three times that if a file ends in many zeros.
_slots = threading.BoundedSemaphore(2)

# Pillow's limit only issues a warning. `read_avatar` enforces a lower limit.
Image.MAX_IMAGE_PIXELS = None
# Pillow refuses pictures with larger colour profiles or texts.
PngImagePlugin.MAX_TEXT_CHUNK = 4 * 1024 * 1024


def read_avatar(upload):
    """Return an uploaded picture as a WebP file of 256×256 pixels, in sRGB, without metadata and with a random name.

    Raises ValidationError: `too_large` (in bytes), `too_many_pixels`, `incomplete`, or `not_a_picture` if the file
    cannot be decoded as PNG, JPEG or WebP. The sizes are checked before the picture is decoded. At most two threads of
    a process decode at the same time; others wait.
    """
    if upload.size > settings.AVATAR_MAX_BYTES:
        raise _error("too_large", megabytes=settings.AVATAR_MAX_BYTES // (1024 * 1024))
    data = upload.read()
    with _slots:
        try:
            picture = _to_srgb(_crop(_decode(data)))
        except ValidationError:
            raise
        except Exception as error:  # the decoders raise almost any exception for a crafted file
            raise _error("incomplete" if _lacks_end(data) else "not_a_picture") from error
    output = io.BytesIO()
    picture.save(output, "WEBP", quality=82, method=4)
    return ContentFile(output.getvalue(), name=f"{secrets.token_hex(16)}.webp")


def _error(code, **params):
    return ValidationError(ERRORS[code], code=code, params=params)


def _lacks_end(data):
    if data.startswith(b"RIFF"):
        is_short = len(data) < 8 + int.from_bytes(data[4:8], "little")
        return data[8:12] == b"WEBP" and (is_short or data.endswith(bytes(16)))
    end = {b"\x89P": b"IEND", b"\xff\xd8": JPEG_END}.get(data[:2], b"")
    return end not in data[-12:]


def _decode(data):
    """Decode a file, also a JPEG file without its end marker. Raises `incomplete` if rows are missing.

    The decoders do not report missing rows, but these depend on the bytes that follow the data.
    """
    is_jpeg = data.startswith(b"\xff\xd8")
    picture = _open(data + JPEG_END if is_jpeg else data)
    # An interrupted download may end in zeros. So do the data of a picture of one colour, but in fewer.
    zeros = 16 + picture.width * picture.height // 8192
    other = data[: len(data.rstrip(b"\0")) + zeros]
    if is_jpeg:
        other = other.removesuffix(JPEG_END).rstrip(b"\xff") + 64 * b"\x55" + JPEG_END
    else:
        other = other.ljust(len(data), b"\x55")
    if other != data and picture.tobytes() != _open(other).tobytes():
        raise _error("incomplete")
    return picture


def _open(data):
    with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
        if picture.width * picture.height > settings.AVATAR_MAX_PIXELS:
            raise _error("too_many_pixels")
        picture.draft("RGB", (2 * settings.AVATAR_SIZE,) * 2)  # decodes a JPEG at a fraction of its size
        picture.load()
        with contextlib.suppress(Exception):  # invalid EXIF data raise almost any exception, too
            picture = ImageOps.exif_transpose(picture)
        return picture


def _crop(picture):
    """Return the square in the middle of a picture, in the mode LA, RGBA or CMYK."""
    if picture.mode == "I;16":  # grey; Pillow would turn all values above 255 into white
        transparency = picture.info.pop("transparency", None)
        picture = picture.point(lambda value: value / 256).convert("L")
        if transparency is not None:
            picture.info["transparency"] = transparency // 256
    if picture.mode != "CMYK":
        picture = picture.convert("LA" if picture.mode in ("1", "L", "LA") else "RGBA")
    return ImageOps.fit(picture, (settings.AVATAR_SIZE,) * 2, Image.Resampling.LANCZOS)


def _to_srgb(picture):
    """Return a picture in the mode RGB and the colour space sRGB, on white. Ignores an invalid colour profile."""
    mode = picture.mode.removesuffix("A")
    colours = picture.convert("RGB")
    if data := picture.info.get("icc_profile"):
        with contextlib.suppress(ImageCms.PyCMSError):
            profile = ImageCms.getOpenProfile(io.BytesIO(data))
            if profile.profile.xcolor_space.strip() == {"L": "GRAY"}.get(mode, mode):
                srgb = ImageCms.createProfile("sRGB")
                colours = ImageCms.profileToProfile(picture.convert(mode), profile, srgb, outputMode="RGB")
    result = Image.new("RGB", picture.size, "white")
    result.paste(colours, mask=picture.getchannel("A") if picture.mode != mode else None)
    return result
