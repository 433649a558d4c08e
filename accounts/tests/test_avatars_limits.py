"""Limits on the time and memory that profile pictures take."""

import io
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.exceptions import ValidationError
from PIL import Image

from accounts.pictures import read_avatar
from accounts.tests.pictures import (
    exif,
    icc_profile,
    jpeg_with_scans,
    jpeg_with_segments,
    picture,
    png,
    png_chunk,
    segment,
    upload,
)

MEGABYTE = 1024 * 1024
LIMIT = 2 * MEGABYTE - 10_000  # bytes, without the picture
PROFILE = png_chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(4 * MEGABYTE), 9))
TEXT = png_chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(4 * MEGABYTE), 9))
EXIF_TEXT = b"Raw profile type exif\0\0" + zlib.compress(b"\nexif\n1\n" + exif(65_535).hex().encode())
COMMENT = b"\xff\xfe\x00\x02"
FRAMES = {"save_all": True, "append_images": [Image.new("RGB", (16, 16), (shade % 256, 0, 0)) for shade in range(2000)]}


def result(content):
    """Return "read", or the code of the error."""
    try:
        read_avatar(upload(content))
    except ValidationError as error:
        return error.code
    return "read"


def slow_profile(steps):
    """Return an ICC profile with any number of steps: matrices and curves, of which only two are in the file."""
    matrix = b"matf" + struct.pack(">IHH12f", 0, 3, 3, 1, 0.01, 0, 0, 1, 0.01, 0, 0, 1, 0.001, 0, 0)
    curve = b"curf" + struct.pack(">IHH4sIHH4f", 0, 1, 0, b"parf", 0, 0, 0, 1.01, 1, 0, 0)
    curves = b"cvst" + struct.pack(">IHH6I", 0, 3, 3, *(36, len(curve)) * 3) + curve
    start = 16 + 8 * steps
    positions = [(start, len(matrix)), (start + len(matrix), len(curves))]
    table = b"".join(struct.pack(">II", *positions[step % 2]) for step in range(steps))
    tag = b"mpet" + struct.pack(">IHHI", 0, 3, 3, steps) + table + matrix + curves
    return icc_profile(b"RGB ", {b"D2B0": tag})


ATTACKS = {
    "2,000 scans": (lambda: jpeg_with_scans(2000, (4000, 4000)), "too_complex"),
    "30 scans of 16 megapixels": (lambda: jpeg_with_scans(30, (4000, 4000)), "too_complex"),
    "169 megapixels": (lambda: png(13_000, 13_000), "too_many_pixels"),
    "16,000,000 rows": (lambda: png(1, 16_000_000), "too_many_pixels"),
    "colour profiles": (lambda: png(300, 300, chunks=PROFILE * (LIMIT // len(PROFILE))), "too_complex"),
    "colour profile with many steps": (lambda: picture(icc_profile=slow_profile(50_000)), "read"),
    "texts": (lambda: png(300, 300, chunks=TEXT * (LIMIT // len(TEXT))), "not_a_picture"),
    "chunks": (lambda: png(300, 300, chunks=png_chunk(b"abCd", b"") * (LIMIT // 12)), "not_a_picture"),
    "segments": (lambda: jpeg_with_segments(COMMENT * (LIMIT // 4)), "not_a_picture"),
    "fill bytes": (lambda: jpeg_with_segments(b"\xff" * LIMIT), "not_a_picture"),
    "exif segments": (lambda: jpeg_with_segments(segment(0xE1, b"Exif\0\0" + bytes(100)) * 18_000), "too_complex"),
    "exif tags": (lambda: png(300, 300, chunks=png_chunk(b"eXIf", exif(65_535))), "read"),
    "exif tags in a text": (lambda: png(300, 300, chunks=png_chunk(b"zTXt", EXIF_TEXT)), "read"),
    "frames of a png": (lambda: picture("PNG", size=(16, 16), **FRAMES), "read"),
    "frames of a webp": (lambda: picture("WEBP", size=(16, 16), **FRAMES), "read"),
}


@pytest.mark.guarantee("pictures")
@pytest.mark.parametrize("name", ATTACKS)
def test_file_that_is_slow_to_decode_takes_little_time(name, record_property):
    make, expected = ATTACKS[name]
    content = make()
    assert len(content) <= 2 * MEGABYTE
    start = time.process_time()

    assert result(content) == expected

    seconds = time.process_time() - start
    record_property("figure", f"{name}: {expected} in {seconds:.2f} s")
    assert seconds < 0.2


def largest_pictures():
    """Return the files of each format that take the most memory."""
    webp = io.BytesIO()
    Image.effect_noise((3000, 3000), 3).convert("RGBA").save(webp, "WEBP", quality=5, method=0)
    return {
        "16-bit png with transparency": png(4000, 4000, 16, 6, bytes(8 * 4000)),
        "png with a transparent colour": png(4000, 4000, 8, 2, bytes(3 * 4000), png_chunk(b"tRNS", bytes(6))),
        "png with a palette": picture(mode="P", color=3, size=(4000, 4000), transparency=bytes(range(256))),
        "progressive cmyk jpeg": picture("JPEG", mode="CMYK", color=(0, 9, 9, 0), size=(4000, 4000), progressive=True),
        "webp that is decoded twice": webp.getvalue().ljust(LIMIT, b"\0"),
    }


# `getrusage` includes the memory of the process that started this one.
MEASURE_MEMORY = """
import re, sys, django
from pathlib import Path
django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from accounts.pictures import read_avatar, read_picture
from accounts.tests.pictures import picture

def read_kilobytes(name):
    return int(re.search(name + r":\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])

read = {"avatar": read_avatar, "picture": read_picture}[sys.argv[1]]
read(SimpleUploadedFile("me.png", picture()))
for path in sys.argv[2:]:
    before = read_kilobytes("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # resets the peak
    read(SimpleUploadedFile("me.png", Path(path).read_bytes()))
    print((read_kilobytes("VmHWM") - before) / 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="requires Linux")
@pytest.mark.guarantee("pictures")
@pytest.mark.parametrize("kind", ["avatar", "picture"])
def test_largest_pictures_take_little_memory(tmp_path, record_property, kind):
    files = largest_pictures()
    for number, content in enumerate(files.values()):
        assert len(content) <= 2 * MEGABYTE
        (tmp_path / f"{number}").write_bytes(content)
    paths = [tmp_path / f"{number}" for number in range(len(files))]
    environment = {"DJANGO_SETTINGS_MODULE": "config.settings", "DEBUG": "on", "PYTHONWARNINGS": "default"}
    process = subprocess.run(
        [sys.executable, "-c", MEASURE_MEMORY, kind, *paths],
        cwd=project.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert process.stderr == ""
    megabytes = dict(zip(files, map(float, process.stdout.split()), strict=True))
    for name in files:
        record_property("figure", f"{kind}, {name}: {megabytes[name]:.0f} MB")
    assert max(megabytes.values()) < 150, megabytes
