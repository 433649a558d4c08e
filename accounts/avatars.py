"""Uploaded profile pictures."""

import io
import secrets
import threading

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

FORMATS = ("PNG", "JPEG", "WEBP")

# Decoding takes up to 0.5 s of CPU time and 150 MB of memory.
_slots = threading.BoundedSemaphore(2)

# Pillow's limit only issues a warning. `read_avatar` enforces a lower limit.
Image.MAX_IMAGE_PIXELS = None


def read_avatar(upload):
    """Return an uploaded picture as a WebP file of 256×256 pixels, without metadata and with a random name.

    Raises ValidationError: `too_large` (in bytes), `too_many_pixels`, or `not_a_picture` if the file cannot be decoded
    as PNG, JPEG or WebP. The sizes are checked before the picture is decoded. At most two threads of a process decode
    at the same time; others wait.
    """
    if upload.size > settings.AVATAR_MAX_BYTES:
        megabytes = settings.AVATAR_MAX_BYTES // (1024 * 1024)
        raise ValidationError(
            _("This file is too large. Choose a picture of at most %(megabytes)d MB."),
            code="too_large",
            params={"megabytes": megabytes},
        )
    with _slots:
        return _reencode(upload)


def _reencode(upload):
    try:
        with Image.open(upload, formats=FORMATS) as picture:
            if picture.width * picture.height > settings.AVATAR_MAX_PIXELS:
                raise ValidationError(
                    _("This picture has too many pixels. Choose one with at most 16 megapixels, such as 4000×4000."),
                    code="too_many_pixels",
                )
            side = settings.AVATAR_SIZE
            picture.draft("RGB", (2 * side, 2 * side))  # decodes a JPEG at a fraction of its size
            picture = ImageOps.exif_transpose(picture)
            picture = ImageOps.fit(picture.convert("RGBA"), (side, side), Image.Resampling.LANCZOS)
    except ValidationError:
        raise
    # The decoders raise almost any exception for a crafted file.
    except Exception as error:
        raise ValidationError(
            _("This file is not a picture that we can read. Choose a PNG, JPEG or WebP file."),
            code="not_a_picture",
        ) from error
    result = Image.new("RGB", picture.size, "white")
    result.paste(picture, mask=picture.getchannel("A"))
    output = io.BytesIO()
    result.save(output, "WEBP", quality=82, method=4)
    return ContentFile(output.getvalue(), name=f"{secrets.token_hex(16)}.webp")
