"""Files for uploads of profile pictures."""

import io
import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

SECRET_LOCATION = "51.4779 N, Greenwich"
WHITE = (0.9642, 1, 0.8249)  # XYZ values of the illuminant D50


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
    row = bytes(1) + (bytes((width * bits + 7) // 8) if row is None else row)
    data = zlib.compress(row * height, 9)
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunks + png_chunk(b"IDAT", data) + png_chunk(b"IEND", b"")


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def segment(marker, data):
    """Return a segment of a JPEG file."""
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def jpeg_with_segments(segments):
    """Return a JPEG file with `segments` before the others."""
    content = picture("JPEG", size=(300, 300))
    return content[:2] + segments + content[2:]


def jpeg_with_scans(count, size):
    """Return a progressive JPEG file with `count` scans, most of which change nothing."""
    content = picture("JPEG", size=size, progressive=True)
    last = content.rindex(b"\xff\xc4")  # the Huffman table of the last scan
    more = count - content.count(b"\xff\xda")
    return content[:-2] + content[last:-2] * more + content[-2:]


def exif(count):
    """Return EXIF data with `count` tags, which turn the picture."""
    tags = [struct.pack(">HHII", tag, 4, 1, 1) for tag in range(1, count)]
    orientation = struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0)
    return struct.pack(">2sHIH", b"MM", 42, 8, count) + orientation + b"".join(tags) + bytes(4)


def icc_profile(space, tags):
    """Return an ICC profile for the colour space b"RGB " or b"GRAY". `tags` are its data by name."""
    tags = {b"wtpt": xyz(*WHITE), **tags}
    offset, table, data = 132 + 12 * len(tags), struct.pack(">I", len(tags)), b""
    for name, content in tags.items():
        table += struct.pack(">4sII", name, offset + len(data), len(content))
        data += content
    size = struct.pack(">I", offset + len(data))
    header = struct.pack(">4xI4s4s4s12x4s28x", 0x02400000, b"mntr", space, b"XYZ ", b"acsp")
    return size + header + xyz(*WHITE)[8:] + bytes(48) + table + data


def xyz(*values):
    return struct.pack(">4s4xiii", b"XYZ ", *(round(value * 65536) for value in values))
