"""Pictures and files after they are posted: settings, removal, deletion, export and closed accounts."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from accounts.actions import close_account
from accounts.models import UnusedFile
from accounts.tests.admin import change_url
from posts import actions
from posts.attachments import read_upload
from posts.models import Attachment, Post, Room
from posts.refusals import AttachmentsOff
from posts.tests.attachments import content_of, document, photo, status_of, stored_files
from posts.tests.support import find_row, html_of, run_concurrently


def write(author, room, upload=None, **options):
    upload = read_upload(upload or photo(size=(30, 20)), may_be_document=True)
    return actions.write_post(author, room, "Look", attachment=upload, **options)


@pytest.fixture
def post(student, room):
    """A post with a picture."""
    return write(student, room, alt="A fish")


def prune():
    """Run prune now, and after a day."""
    for _time in range(2):
        call_command("prune", stdout=io.StringIO())
        UnusedFile.objects.update(found_at=timezone.now() - timedelta(days=2))


def test_attachments_are_hidden_with_a_removed_post(client_for, student, classmate, admin, post):
    url = post.attachment.get_absolute_url()
    actions.remove_post(post, student)

    for user, status in ((student, 404), (classmate, 404), (admin, 200)):
        client = client_for(user)
        assert status_of(client, url) == status
    assert url not in find_row(html_of(client.get("/rooms/chemistry/")), post)


@pytest.mark.guarantee("retention")
def test_prune_deletes_the_file_with_the_post(client_for, student, room, post):
    kept = write(student, room, photo(size=(40, 20))).attachment.file.name
    prune()
    assert len(stored_files()) == 2
    Post.objects.filter(pk=post.pk).update(removed_at=timezone.now() - timedelta(days=91))

    prune()

    assert [f"attachments/{name}" for name in stored_files()] == [kept]
    assert Attachment.objects.count() == 1


@pytest.mark.guarantee("retention")
def test_prune_deletes_files_whose_transaction_was_rolled_back(student, room):
    with transaction.atomic():
        write(student, room)
        transaction.set_rollback(True)
    assert len(stored_files()) == 1

    prune()

    assert stored_files() == []


def test_missing_file_returns_404(client_for, student, post):
    default_storage.delete(post.attachment.file.name)

    assert client_for(student).get(post.attachment.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("switch", ["room", "site"])
def test_attachments_can_be_switched_off(client_for, settings, student, teacher, room, post, switch):
    if switch == "room":
        fields = {"name": room.name, "initial-attachments": "True"}
        assert client_for(teacher).post("/rooms/chemistry/settings/", fields).status_code == 302
        room.refresh_from_db()
        assert room.attachments is False
    else:
        settings.ATTACHMENTS = False
    client = client_for(student)

    response = client.post("/rooms/chemistry/", {"body": "My text", "attachment": photo(size=(30, 20))})

    assert "Pictures and files are turned off in this room" in html_of(response)
    assert "My text" in html_of(response)
    with pytest.raises(AttachmentsOff):
        write(student, room, photo(size=(50, 50)))
    assert Post.objects.count() == 1
    # Those that exist stay.
    assert status_of(client, post.attachment.get_absolute_url()) == 200


def test_settings_without_the_box_do_not_change_it(client_for, teacher, room):
    client_for(teacher).post("/rooms/chemistry/settings/", {"name": "Chemistry"})

    assert Room.objects.get(pk=room.pk).attachments is True


@pytest.mark.guarantee("leaving")
def test_export_is_a_zip_file_with_the_files(client_for, teacher, room):
    first, second = write(teacher, room, document()), write(teacher, room, photo(size=(30, 20)), alt="A fish")
    default_storage.delete(first.attachment.file.name)

    response = client_for(teacher).post("/account/export/")

    assert response["Content-Disposition"] == 'attachment; filename="homeroom-ms.hale.zip"'
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:
        assert archive.namelist() == ["data.json", second.attachment.file.name]
        assert archive.read(second.attachment.file.name) == content_of(second.attachment)
        rows = json.loads(archive.read("data.json"))["attachments"]
    assert [(row["post"], row["name"], row["alt"]) for row in rows] == [
        (first.pk, "Plan.pdf", ""),
        (second.pk, "", "A fish"),
    ]


@pytest.mark.guarantee("leaving")
def test_closing_an_account_deletes_its_pictures_and_files(client_for, student, classmate, room, post):
    client, url = client_for(classmate), post.attachment.get_absolute_url()
    assert url in html_of(client.get("/rooms/chemistry/"))
    before = Room.objects.get(pk=room.pk).revision

    close_account(student, student)
    prune()

    assert client.get(url).status_code == 404
    row = find_row(html_of(client.get(f"/rooms/chemistry/updates/?after={before}")), post)
    assert "Look" in row
    assert url not in row
    assert (Attachment.objects.count(), stored_files()) == (0, [])


def test_admin_links_to_the_file(admin_client, post):
    assert post.attachment.get_absolute_url() in html_of(admin_client.get(change_url(post)))


@pytest.mark.guarantee("one-post")
@pytest.mark.django_db(transaction=True)
def test_concurrent_submissions_create_one_post_and_one_file(student, room):
    uploads = [photo(size=(30, 20)) for _number in range(10)]

    posts = run_concurrently(10, lambda index: write(student, room, uploads[index]))

    assert {post.pk for post in posts} == {Post.objects.get().pk}
    assert len(stored_files()) == Attachment.objects.count() == 1
