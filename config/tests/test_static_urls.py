"""URLs of static files."""

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage


@pytest.fixture
def storage(settings, tmp_path):
    """Return the storage of the production site, with one collected file."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "config.storage.HashedStaticFilesStorage"}}
    (tmp_path / "staticfiles.json").write_text('{"version": "1.1", "paths": {"a.css": "a.0123.css"}, "hash": ""}')
    return staticfiles_storage


def test_static_url_has_the_hash_of_the_content(storage):
    assert [storage.url("a.css"), storage.url("a.css")] == ["/static/a.0123.css"] * 2


def test_missing_static_file_is_an_error_every_time(storage):
    for _time in range(2):
        with pytest.raises(ValueError, match="Missing staticfiles manifest entry"):
            storage.url("b.css")


def test_static_url_has_no_hash_while_debugging(storage, settings):
    hashed = storage.url("a.css")
    settings.DEBUG = True

    assert (hashed, storage.url("a.css")) == ("/static/a.0123.css", "/static/a.css")
