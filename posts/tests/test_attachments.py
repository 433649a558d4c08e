"""Pictures in posts."""

import io
import uuid

import pytest
from PIL import Image

from accounts.tests.pictures import SECRET_LOCATION, jpeg_with_scans, upload
from posts.models import Attachment, Membership, Post
from posts.tests.attachments import content_of, photo, stored_files
from posts.tests.support import FETCH, find_row, html_of
from posts.tests.visibility import assert_same_404


@pytest.fixture
def send(client_for, student, room):
    """Return a function that posts a picture or file in the room."""

    def send(attachment, user=student, headers=(), **fields):
        data = {"body": "Look", "attachment": attachment} | fields
        return client_for(user).post("/rooms/chemistry/", data, headers=dict(headers))

    return send


@pytest.mark.guarantee("pictures")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_picture_is_stored_smaller_and_without_metadata(send, kind):
    response = send(photo(kind=kind), alt="A swordfish")

    attachment = Attachment.objects.get()
    assert response["Location"] == f"/rooms/chemistry/#post-{attachment.post_id}"
    assert (attachment.width, attachment.height, attachment.alt, attachment.name) == (1600, 800, "A swordfish", "")
    content = content_of(attachment)
    stored = Image.open(io.BytesIO(content))
    assert (stored.format, stored.size, attachment.media_type) == ("WEBP", (1600, 800), "image/webp")
    assert not stored.getexif()
    assert SECRET_LOCATION.encode() not in content
    assert len(content) == attachment.size
    assert "IMG_1" not in attachment.file.name


def test_small_picture_is_not_enlarged(send):
    send(photo(size=(40, 30)))

    assert (Attachment.objects.get().width, Attachment.objects.get().height) == (40, 30)


def test_row_shows_the_picture_small_and_links_to_it(client_for, send, student):
    row = html_of(send(photo(), headers=FETCH.items(), alt='A "big" fish'))

    url = Attachment.objects.get().get_absolute_url()
    assert f'<a href="{url}"' in row
    assert f'src="{url}"' in row
    assert 'alt="A &quot;big&quot; fish"' in row
    assert 'width="320"' in row
    assert 'height="160"' in row
    page = html_of(client_for(student).get("/rooms/chemistry/"))
    assert url in find_row(page, Post.objects.get())


@pytest.mark.guarantee("hidden")
def test_attachment_in_a_hidden_room_looks_like_a_missing_one(client_for, send, outsider):
    send(photo())

    url = Attachment.objects.get().get_absolute_url()
    assert_same_404(client_for(outsider), "get", url, "/attachments/missing.webp")


def test_picture_is_served_to_members_only_and_is_private(client_for, send, classmate, outsider):
    send(photo())
    url = Attachment.objects.get().get_absolute_url()

    response, hidden, visitor = (client_for(user).get(url) for user in (classmate, outsider, None))

    assert b"".join(response.streaming_content) == content_of(Attachment.objects.get())
    assert response["Content-Type"] == "image/webp"
    assert response["Content-Disposition"].startswith("inline")
    assert response["Cache-Control"] == "private, no-cache"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert (hidden.status_code, visitor.status_code) == (404, 302)


@pytest.mark.guarantee("lost-access")
@pytest.mark.guarantee("no-store")
def test_cached_picture_is_shown_only_while_the_user_can_see_the_room(client_for, send, classmate):
    send(photo())
    url = Attachment.objects.get().get_absolute_url()
    client = client_for(classmate)
    response = client.get(url)
    etag, _content = response["ETag"], response.getvalue()

    cached = client.get(url, headers={"If-None-Match": etag})
    Membership.objects.filter(user=classmate).update(state="removed")
    removed = client.get(url, headers={"If-None-Match": etag})

    assert (cached.status_code, cached["Cache-Control"], removed.status_code) == (304, "private, no-cache", 404)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: upload(b"GIF89a" + bytes(100)), "Choose a picture: a PNG, JPEG or WebP file."),
        (lambda: upload(b"\xff\xd8\xff\xe0 not a jpeg"), "The file is incomplete."),
        (
            lambda: upload(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png"),
            "Choose a picture: a PNG, JPEG or WebP file.",
        ),
        (lambda: upload(jpeg_with_scans(2000, (400, 400))), "too complex"),
        (lambda: upload(b"\xff\xd8" + bytes(8 * 1024 * 1024)), "at most 8 MB"),
        (lambda: photo(size=(4001, 4001)), "too many pixels"),
    ],
)
def test_invalid_picture_is_refused_and_the_text_stays(send, make, reason):
    response = send(make(), body="My text", alt="A fish")

    assert response.status_code == 200
    assert reason in html_of(response)
    assert "My text" in html_of(response)
    assert not Post.objects.exists()
    assert stored_files() == []


@pytest.mark.guarantee("one-post")
def test_retry_with_the_same_token_creates_one_post_and_one_file(send):
    token = str(uuid.uuid4())
    for _attempt in range(2):
        assert send(photo(), token=token).status_code == 302

    assert Post.objects.count() == Attachment.objects.count() == len(stored_files()) == 1


def test_retry_without_a_token_creates_one_post(send):
    for _attempt in range(2):
        send(photo())

    assert Post.objects.count() == len(stored_files()) == 1


def test_same_text_with_another_picture_is_another_post(send):
    token = str(uuid.uuid4())

    for attachment in (photo(), photo(size=(30, 30)), ""):
        send(attachment, token=token)
    for attachment in (photo(), photo(size=(30, 30)), ""):
        send(attachment, body="Without a token")

    assert Post.objects.count() == 6


def test_text_is_required_and_the_picture_is_not_read_without_it(send, monkeypatch):
    monkeypatch.setattr("posts.forms.posts.read_upload", None)

    response = send(photo(), body=" ")

    assert response.status_code == 200
    assert "Choose the picture or file again" in html_of(response)
    assert not Post.objects.exists()
