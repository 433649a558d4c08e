"""The manifest of the web app, and its icons."""

import pytest
from django.contrib.staticfiles import finders
from PIL import Image

from accounts.tests.helpers import Page


def open_icon(url):
    """Return the picture at a URL of a static file, loaded."""
    with Image.open(finders.find(url.removeprefix("/static/"))) as image:
        image.load()
    return image


@pytest.fixture
def manifest(client, db):
    return client.get("/manifest.webmanifest").json()


def test_every_page_links_to_the_manifest_and_its_icon_for_ios(client, db):
    links = {link.get("rel"): link.get("href") for link in Page(client.get("/login/")).root.iter("link")}

    assert links["manifest"] == "/manifest.webmanifest"
    assert open_icon(links["apple-touch-icon"]).size == (180, 180)


def test_manifest_describes_an_app_of_its_own(client, db, settings):
    settings.SCHOOL_NAME = "Elm School"

    response = client.get("/manifest.webmanifest")

    manifest = response.json()
    assert response["Content-Type"] == "application/manifest+json"
    assert (manifest["name"], manifest["short_name"]) == ("Homeroom · Elm School", "Homeroom")
    assert (manifest["start_url"], manifest["display"]) == ("/", "standalone")
    assert "manifest-src 'self'" in response["Content-Security-Policy"]


def test_icons_exist_in_the_sizes_of_the_manifest(manifest):
    icons = {(icon["sizes"], icon["purpose"]): icon["src"] for icon in manifest["icons"]}

    assert set(icons) == {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}
    for (sizes, purpose), source in icons.items():
        image = open_icon(source)
        assert (image.format, "{}x{}".format(*image.size)) == ("PNG", sizes)
        # Systems cut maskable icons, so they have a background everywhere.
        assert (image.convert("RGBA").getpixel((0, 0))[3] == 255) == (purpose == "maskable")
