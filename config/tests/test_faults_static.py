"""Static files that are missing."""

import json
import shutil
import subprocess
import sys

import pytest
from django.conf import settings

from config.tests.faults import Site

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A copy of the project, whose static files the tests delete."""
    folder = tmp_path_factory.mktemp("copy") / "homeroom"
    shutil.copytree(settings.BASE_DIR, folder, ignore=shutil.ignore_patterns(".*", "media", "__pycache__"))
    return folder


@pytest.fixture(scope="module")
def site(folder, tmp_path_factory):
    database = tmp_path_factory.mktemp("database") / "site.sqlite3"
    site = Site(f"sqlite:///{database}", "--workers", "1", "--no-static")
    site.folder = folder
    return site.prepare()


def test_server_without_collected_files_does_not_start(site):
    result = subprocess.run(site.arguments(), cwd=site.folder, env=site.env, capture_output=True, text=True, timeout=60)

    assert result.returncode == 1
    assert "The static files have not been collected." in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.guarantee("faults")
def test_pages_work_without_a_file(site, folder, record_property):
    collect = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity=0"]
    subprocess.run(collect, cwd=folder, env=site.env, check=True)
    files = folder / ".data" / "static"
    manifest = json.loads((files / "staticfiles.json").read_text())
    for name in ("css/components.css", "css/base.css"):
        (files / manifest["paths"].pop(name)).unlink()
        (files / name).unlink()
    (files / "staticfiles.json").write_text(json.dumps(manifest))

    with site:
        page, error_page = site.request("/rooms/common/"), site.request("/nowhere/")
        missing = site.request("/static/css/components.css")

    assert [page.status, error_page.status, missing.status] == [200, 404, 404]
    assert "Page not found" in error_page.text
    assert site.read_output().count("css/base.css has not been collected") == 1
    assert site.read_output().count("has not been collected") == 2
    assert "Traceback" not in site.read_output()
    record_property("figure", "static files missing: pages without their styles")
