"""Pictures and files in a browser."""

import pytest
from PIL import Image
from playwright.sync_api import expect

from posts.models import Attachment, Post
from posts.tests.attachments import stored_files
from posts.tests.browser_waits import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def photo(tmp_path):
    """The path of a picture that the browser has to scale down."""
    Image.effect_noise((3000, 2000), 20).save(tmp_path / "photo.png")
    return tmp_path / "photo.png"


def chosen_type(page):
    """Return the type of the chosen file. The browser scales a picture down to a JPEG file."""
    return page.locator("[name=attachment]").evaluate("(input) => input.files[0].type")


def test_picture_is_scaled_down_previewed_sent_and_shown_in_its_final_size(browse, student, common_room, photo):
    page = browse("/rooms/common/", student)
    sizes = []
    page.on("request", lambda request: request.method == "POST" and sizes.append(len(request.post_data_buffer or b"")))

    with page.expect_file_chooser() as chooser:
        page.get_by_label("Add a picture").click()
    chooser.value.set_files(photo)
    expect(page.locator("[data-attachment-preview]")).to_be_visible()
    wait_until(page, lambda: chosen_type(page) == "image/jpeg")
    page.get_by_label("Describe the picture").fill("Snow")
    page.locator("[type=submit]").last.click()
    expect(page.get_by_text("Write something about it first.")).to_be_visible()
    page.get_by_label("Your post").fill("Look")
    page.get_by_label("Your post").press("Enter")

    picture = page.get_by_role("img", name="Snow")
    expect(picture).to_be_visible()
    wait_until(page, lambda: picture.evaluate("(element) => element.complete && element.naturalWidth === 1600"))
    assert [round(picture.bounding_box()[side]) for side in ("width", "height")] == [320, 213]
    attachment = Attachment.objects.get()
    assert (attachment.width, attachment.height) == (1600, 1067)
    assert max(sizes) < photo.stat().st_size / 4
    expect(page.locator("[data-attachment-remove]")).to_be_hidden()


def test_refused_picture_returns_to_the_composer_and_is_sent_once(browse, student, common_room, photo):
    page = browse("/rooms/common/", student)
    page.expected_problems.append("status of 422")
    page.set_input_files("[name=attachment]", photo)
    wait_until(page, lambda: chosen_type(page) == "image/jpeg")
    field = page.get_by_label("Your post")

    field.fill("x" * 150)
    field.press("Enter")
    expect(page.get_by_text("10 characters too long")).to_be_visible()
    expect(page.get_by_text("Choose the picture")).to_have_count(0)
    expect(page.locator("[data-attachment-remove]")).to_be_visible()
    field.fill("Look")
    field.press("Enter")

    expect(page.locator(".post-attachment img")).to_be_visible()
    assert (Post.objects.count(), len(stored_files())) == (1, 1)


def test_picture_can_be_posted_without_scripts(browse, student, common_room, photo):
    page = browse("/rooms/common/", student, java_script_enabled=False)

    page.locator(".composer-attachment summary").click()
    page.get_by_label("Picture", exact=True).set_input_files(photo)
    page.get_by_label("Your post").fill("Look")
    page.get_by_role("button", name="Post", exact=True).click()

    expect(page.get_by_role("img", name="Picture without a description")).to_be_visible()
