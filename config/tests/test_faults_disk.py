"""The disk is full or read-only. Requires root, to mount a small file system."""

import contextlib
import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from config.tests.faults import Site
from config.tests.outages import retry_form

PAGE = "/rooms/common/"

pytestmark = [pytest.mark.faults, pytest.mark.skipif(os.geteuid() != 0, reason="Requires root, to mount a disk")]


@pytest.fixture
def disk():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder], check=True)
        yield Path(folder)
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def site(disk):
    return Site(f"sqlite:///{disk}/site.sqlite3", MEDIA_ROOT=str(disk / "media")).prepare()


@pytest.mark.guarantee("faults")
@pytest.mark.guarantee("typed-text")
def test_full_disk_shows_pages_and_preserves_text(site, disk, record_property):
    with site:
        assert site.request(PAGE).status == 200  # SQLite has created its files
        fill(disk)
        # A few posts fit into the files of the database.
        while (reply := site.request(PAGE, {"body": "Is the disk full?"})).status == 302:
            pass
        page = site.request(PAGE)
        (disk / "filler").unlink()
        recovery = check_recovery(site, reply)

    assert page.status == 200
    record_property("figure", f"disk full: status 503 after {reply.seconds:.1f} s, recovery after {recovery:.1f} s")


@pytest.mark.guarantee("faults")
def test_read_only_disk_preserves_text(site, disk, record_property):
    remount(disk, "ro")  # before the server opens files, which would prevent it
    with site:
        reply = site.request(PAGE, {"body": "Is the disk read-only?"})
        remount(disk, "rw")
        recovery = check_recovery(site, reply)

    record_property(
        "figure", f"disk read-only: status 503 after {reply.seconds:.1f} s, recovery after {recovery:.1f} s"
    )


def check_recovery(site, reply):
    """Check the error page and its button. Return the seconds until the site works again."""
    recovery = site.seconds_to_recover()
    url, fields = retry_form(reply)
    assert site.request(url, dict(fields)).status == 302
    assert reply.status == 503
    assert reply.seconds < 3
    assert recovery < 5
    assert "Traceback" not in site.read_output()
    return recovery


def fill(folder):
    with (folder / "filler").open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))


def remount(folder, mode):
    subprocess.run(["mount", "-o", f"remount,{mode}", folder], check=True)
