"""Deletion by age."""

import io
import os
import threading
import time
from datetime import timedelta

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import send_mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.audit import record
from accounts.models import QueuedEmail, Session, Throttle, UnusedFile, User
from accounts.tests.helpers import avatar_files, sign_in
from config.tests.threads import in_thread
from config.transactions import CHUNK_SIZE
from posts.actions import mark_read, remove_post, write_post
from posts.models import Notification, Post
from posts.tests.factories import NotificationFactory, PostFactory
from posts.tests.live import create_session
from posts.tests.support import find_row, html_of


def ago(**delta):
    return timezone.now() - timedelta(**delta)


def prune():
    call_command("prune", stdout=io.StringIO())


def pks(model):
    return set(model.objects.values_list("pk", flat=True))


@pytest.mark.guarantee("retention")
def test_read_notifications_are_deleted_after_90_days(db):
    kept = NotificationFactory(read_at=ago(days=89)), NotificationFactory(created_at=ago(days=200))
    NotificationFactory(read_at=ago(days=91))

    prune()

    assert pks(Notification) == {notification.pk for notification in kept}


@pytest.mark.guarantee("retention")
def test_withdrawn_notifications_are_deleted_90_days_after_their_posts(student, classmate, room, settings):
    settings.REMOVED_POST_DAYS = 1000
    for days in (89, 91):
        post = write_post(student, room, "@kim hello")
        remove_post(post, student)
        Post.objects.filter(pk=post.pk).update(removed_at=ago(days=days))

    prune()

    assert Notification.objects.get().post.removed_at > ago(days=90)


@pytest.mark.guarantee("retention")
def test_log_entries_are_deleted_after_two_years(student):
    for days in (729, 731):
        record(student, student, CHANGE, ["location"])
        LogEntry.objects.filter(pk=LogEntry.objects.latest("pk").pk).update(action_time=ago(days=days))

    prune()

    assert LogEntry.objects.get().action_time > ago(days=730)


@pytest.mark.guarantee("retention")
def test_expired_sessions_and_emails_are_deleted(student, settings):
    settings.EMAIL_BACKEND = "accounts.outbox.EmailBackend"

    def create():
        create_session(student)
        send_mail("Hello", "", None, ["sam@school.example"])

    create()
    Session.objects.update(expire_date=ago(seconds=1))
    QueuedEmail.objects.update(expires_at=ago(seconds=1))
    create()

    prune()
    call_command("clearsessions")

    assert (Session.objects.count(), QueuedEmail.objects.count()) == (1, 1)


@pytest.mark.guarantee("retention")
def test_counters_of_failed_attempts_are_deleted_when_they_have_no_effect(student, client):
    sign_in(client, "sam", "wrong horse staple")
    prune()
    assert Throttle.objects.exists()

    Throttle.objects.update(ends_at=ago(seconds=1))
    prune()

    assert not Throttle.objects.exists()


@pytest.mark.guarantee("retention")
def test_removed_posts_are_deleted_after_90_days_and_replies_stay_readable(client, room, student, classmate):
    client.force_login(student)
    removed, recent = (write_post(student, room, body) for body in ("An unkind remark", "Another remark"))
    reply = write_post(classmate, room, "That was not nice", reply_to=removed)
    for post, days in ((removed, 91), (recent, 89)):
        remove_post(post, student)
        Post.objects.filter(pk=post.pk).update(removed_at=ago(days=days))
    assert "post-quote" in find_row(html_of(client.get("/rooms/chemistry/")), reply)

    prune()

    assert pks(Post) == {recent.pk, reply.pk}
    row = find_row(html_of(client.get("/rooms/chemistry/")), reply)
    assert "That was not nice" in row
    assert "post-quote" not in row
    assert client.get(f"/posts/{removed.pk}/").status_code == 404


@pytest.mark.guarantee("retention")
def test_files_are_deleted_when_they_have_been_unused_for_a_day(student):
    def save(name):
        default_storage.save(f"avatars/{name}", ContentFile(b""))

    def use(name):
        User.objects.filter(pk=student.pk).update(avatar=f"avatars/{name}")

    for name in ("unused", "used", "restored"):
        save(name)
    use("used")
    prune()
    prune()
    assert sorted(avatar_files()) == ["restored", "unused", "used"]

    UnusedFile.objects.update(found_at=ago(days=1))
    use("restored")
    save("new")
    prune()
    assert sorted(avatar_files()) == ["new", "restored", "used"]

    use("used")
    prune()
    assert sorted(avatar_files()) == ["new", "restored", "used"]


def test_file_that_cannot_be_deleted_does_not_block_others(db, monkeypatch):
    for name in ("first", "locked", "last"):
        default_storage.save(f"avatars/{name}", ContentFile(b"x"))
        UnusedFile.objects.create(name=f"avatars/{name}", found_at=ago(days=2))
    remove = os.remove

    def remove_unless_locked(path):
        if path.endswith("locked"):
            raise PermissionError(path)
        remove(path)

    with monkeypatch.context() as patch:
        patch.setattr("os.remove", remove_unless_locked)
        with pytest.raises(CommandError, match=r"^Unused files that could not be deleted: 1$"):
            prune()

    assert avatar_files() == ["locked"]
    prune()
    assert avatar_files() == []


@pytest.mark.guarantee("retention")
@pytest.mark.django_db(transaction=True)
def test_other_writers_do_not_wait_for_prune(student, common_room, record_property):
    post = PostFactory()
    users = NotificationFactory.create_batch(2)
    Notification.objects.bulk_create(
        Notification(recipient=student, actor=student, kind="mention", read_at=ago(days=100)) for _ in range(20_000)
    )
    finished, waits = threading.Event(), []

    def write():
        while not finished.is_set():
            start = time.monotonic()
            mark_read(student, common_room, post.pk)
            waits.append(time.monotonic() - start)

    thread = in_thread(write)
    start = time.monotonic()
    try:
        with CaptureQueriesContext(connection) as queries:
            prune()
    finally:
        seconds = time.monotonic() - start
        finished.set()
        thread.join(60)

    record_property("figure", f"20,000 rows in {seconds:.1f} s, other writers waited at most {max(waits):.3f} s")
    assert pks(Notification) == {notification.pk for notification in users}
    assert max(waits) < 1
    assert len(waits) > 10
    assert sum(query["sql"].startswith("DELETE") for query in queries) == 20_000 / CHUNK_SIZE
