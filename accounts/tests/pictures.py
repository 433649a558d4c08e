"""Files for uploads of profile pictures."""

import io
import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

SECRET_LOCATION = "51.4779 N, Greenwich"


def picture(kind="PNG", size=(400, 300), color=(200, 30, 30), mode="RGB", **options):
    """Return the bytes of a picture, with EXIF data including a location if the format `kind` supports it."""
    buffer = io.BytesIO()
    image = Image.new(mode, size, color)
    if kind != "GIF":
        exif = Image.Exif()
        exif[0x010E] = SECRET_LOCATION  # ImageDescription
        exif[0x010F] = "SECRETCAM"  # Make
        exif.get_ifd(0x8825)[1] = "N"
        exif.get_ifd(0x8825)[29] = SECRET_LOCATION
        options["exif"] = exif
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def upload(content, name="me.png", content_type="image/png"):
    return SimpleUploadedFile(name, content, content_type)


def png(width, height, bits=1, colour=0, row=None, chunks=b""):
    """Return a small PNG file with any number of pixels. All rows are equal, by default black."""
    compressor = zlib.compressobj(9)
    row = bytes(1) + (bytes((width * bits + 7) // 8) if row is None else row)
    data = b"".join(compressor.compress(row) for _row in range(height)) + compressor.flush()
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunks + png_chunk(b"IDAT", data) + png_chunk(b"IEND", b"")


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
