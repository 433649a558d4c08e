"""Files that people upload as their picture, good and bad."""

import io
import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

SECRET_PLACE = "51.4779 N, Greenwich"


def picture(kind="PNG", size=(400, 300), color=(200, 30, 30), mode="RGB", **options):
    """Return a picture's bytes, with a camera's notes in it (EXIF, GPS) where `kind` can hold them."""
    made = io.BytesIO()
    image = Image.new(mode, size, color)
    if kind != "GIF":
        exif = Image.Exif()
        exif[0x010E] = SECRET_PLACE  # ImageDescription
        exif[0x010F] = "SECRETCAM"  # Make
        exif.get_ifd(0x8825)[1] = "N"
        exif.get_ifd(0x8825)[29] = SECRET_PLACE
        options["exif"] = exif
    image.save(made, kind, **options)
    return made.getvalue()


def upload(content, name="me.png", content_type="image/png"):
    return SimpleUploadedFile(name, content, content_type)


def png_of(width, height):
    """Return a PNG of one colour with one bit a pixel: few bytes, any number of pixels."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    row = bytes(1 + (width + 7) // 8)
    data = b"".join(packer.compress(row) for _row in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
