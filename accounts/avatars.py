"""Pictures of people: what is uploaded is decoded, looked at, and written anew."""

import io
import secrets
import threading

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

FORMATS = ("PNG", "JPEG", "WEBP")

# Decoding takes up to 0.5 s of a core and 150 MB. Other uploads wait.
_slots = threading.BoundedSemaphore(2)

# Pillow's own limit warns only, into the log; `read_avatar` refuses at far less.
Image.MAX_IMAGE_PIXELS = None


def read_avatar(upload):
    """Return an uploaded picture as a WebP file of 256×256 pixels without metadata, under a random name.

    Raises ValidationError: `too_large` (bytes), `not_a_picture` (no PNG, JPEG or WebP that can be decoded),
    `too_many_pixels`. Size and pixels are judged from the header, before a pixel is decoded. At most two threads of a
    process decode at the same time; others wait.
    """
    if upload.size > settings.AVATAR_MAX_BYTES:
        megabytes = settings.AVATAR_MAX_BYTES // (1024 * 1024)
        raise ValidationError(
            _("This file is too large. A picture may have %(megabytes)d MB at most."),
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
                    _("This picture has too many pixels. 16 megapixels are the most, as 4000×4000."),
                    code="too_many_pixels",
                )
            side = settings.AVATAR_SIZE
            picture.draft("RGB", (2 * side, 2 * side))  # lets JPEG decode at a fraction of its size
            picture = ImageOps.exif_transpose(picture)
            picture = ImageOps.fit(picture.convert("RGBA"), (side, side), Image.Resampling.LANCZOS)
    except ValidationError:
        raise
    # A crafted file makes the decoders raise nearly anything; none of it is more than "this is no picture".
    except Exception as problem:
        raise ValidationError(
            _("This file is not a picture that can be read. Please choose a PNG, JPEG or WebP file."),
            code="not_a_picture",
        ) from problem
    clean = Image.new("RGB", picture.size, "white")
    clean.paste(picture, mask=picture.getchannel("A"))
    written = io.BytesIO()
    clean.save(written, "WEBP", quality=82, method=4)
    return ContentFile(written.getvalue(), name=f"{secrets.token_hex(16)}.webp")
