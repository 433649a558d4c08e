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


def test_file_that_has_not_been_collected_is_logged_once_and_has_no_hash(storage, caplog):
    assert [storage.url("b.css"), storage.url("b.css")] == ["/static/b.css"] * 2

    assert caplog.messages == ["The static file b.css has not been collected. Run collectstatic."]


@pytest.mark.parametrize(
    ("name", "is_immutable"), [("a.0123456789ab.css", True), ("js/a.js.0123456789ab.map", True), ("a.css", False)]
)
def test_only_files_with_a_hash_are_cached_forever(settings, tmp_path, client, caplog, name, is_immutable):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text("a")
    settings.STATIC_ROOT = tmp_path

    response = client.head(f"/static/{name}")

    assert response.status_code == 200
    assert ("immutable" in response["Cache-Control"]) is is_immutable
    assert caplog.messages == []


def test_static_url_has_no_hash_while_debugging(storage, settings):
    hashed = storage.url("a.css")
    settings.DEBUG = True

    assert (hashed, storage.url("a.css")) == ("/static/a.0123.css", "/static/a.css")
