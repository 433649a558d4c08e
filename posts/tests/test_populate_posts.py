"""The posts and notifications that populate creates. They follow the rules that the site applies to its users."""

import itertools
import re
from datetime import timedelta

import pytest
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from accounts.text import clean_text
from posts import access
from posts.markup import parse, possible_usernames
from posts.models import Membership, Notification, Post, Room
from posts.tests.demo import END, populate

pytestmark = pytest.mark.django_db


def test_texts_pass_the_validation_of_the_form(settings):
    populate()

    for body in Post.objects.values_list("body", flat=True):
        assert clean_text(body) == body != ""
        assert len(body) <= settings.POST_MAX_LENGTH
        assert "{" not in body


def test_texts_respect_a_smaller_limit(settings):
    settings.POST_MAX_LENGTH = 20

    populate()

    assert max(len(body) for body in Post.objects.values_list("body", flat=True)) <= 20


def test_few_of_600_texts_are_repeated():
    populate(students=40, teachers=6, posts=600)

    assert len(set(Post.objects.values_list("body", flat=True))) > 540


def test_school_has_links_edits_removals_replies_and_an_archived_room():
    populate(students=40, teachers=6, posts=600)

    assert Post.objects.filter(body__contains="https://").exists()
    assert Post.objects.exclude(edited_at=None).exists()
    assert Post.objects.exclude(removed_at=None).exclude(removed_by=None).exists()
    assert Post.objects.exclude(reply_to=None).count() > 150
    archived = Room.objects.get(archived_at__isnull=False)
    assert archived.posts.aggregate(last=Max("created_at"))["last"] < archived.archived_at <= END


def test_links_use_the_reserved_example_domain():
    populate(students=40, posts=600)

    bodies = " ".join(Post.objects.values_list("body", flat=True))

    assert set(re.findall(r"https?://[^/\s]*?([a-z]+)(?=[/\s])", bodies)) == {"example"}


def test_dates_increase_with_ids_over_eight_weeks():
    populate()

    dates = list(Post.objects.order_by("pk").values_list("created_at", flat=True))
    assert all(earlier < later for earlier, later in itertools.pairwise(dates))
    assert dates[-1] <= END
    assert END - timedelta(weeks=8) <= dates[0] < END - timedelta(weeks=7)


def test_most_posts_are_written_on_school_days():
    populate(posts=600)

    times = [timezone.localtime(time) for time in Post.objects.values_list("created_at", flat=True)]

    assert sum(time.weekday() < 5 and 7 <= time.hour < 19 for time in times) > 0.8 * len(times)


def test_posts_are_newer_than_their_author_and_room():
    populate()

    for post in Post.objects.select_related("author", "room"):
        assert post.author.date_joined < post.created_at
        assert post.room.created_at < post.created_at


def test_mentions_are_the_users_in_the_text_who_can_see_the_room():
    populate()

    assert sum(bool(post.mentions) for post in Post.objects.all()) > 20
    for post in Post.objects.select_related("room"):
        readers = set(access.readers(post.room, User.objects.all()).values_list("username_key", flat=True))
        assert post.mentions == sorted(possible_usernames(parse(post.body)) & readers)


def test_authors_can_see_the_room():
    populate()

    for post in Post.objects.select_related("room"):
        assert access.readers(post.room, User.objects.all()).filter(pk=post.author_id).exists()


def test_replies_refer_to_earlier_posts_in_the_same_room_that_were_not_removed_yet():
    populate(students=30, posts=600)

    for post in Post.objects.exclude(reply_to=None).select_related("reply_to"):
        assert post.reply_to_id < post.pk
        assert post.reply_to.room_id == post.room_id
        assert post.reply_to.removed_at is None or post.reply_to.removed_at > post.created_at


def test_revisions_increase_in_each_room():
    populate()

    for room in Room.objects.all():
        revisions = list(room.posts.order_by("pk").values_list("revision", flat=True))
        assert revisions == sorted(set(revisions))
        assert room.revision == (revisions[-1] if revisions else 0)
        assert room.revision >= len(revisions)


def test_mentions_and_replies_notify_users_who_get_notifications_about_the_room():
    populate(students=30, posts=600)

    off = set(Membership.objects.filter(notify=Membership.Notify.NOTHING).values_list("user__username_key", "room"))
    for post in Post.objects.select_related("author", "reply_to__author").prefetch_related("notifications__recipient"):
        notifications = post.notifications.all()
        expected = dict.fromkeys(post.mentions, "mention")
        if post.reply_to:
            expected[post.reply_to.author.username_key] = "reply"
        expected.pop(post.author.username_key, None)
        expected = {name: kind for name, kind in expected.items() if (name, post.room_id) not in off}
        assert {each.recipient.username_key: each.kind for each in notifications} == (
            {} if post.is_removed else expected
        )
        assert all(each.actor_id == post.author_id for each in notifications)


def test_join_requests_notify_each_owner():
    populate(students=30, teachers=6, posts=100)

    requests = Membership.objects.filter(state=Membership.State.APPLIED).select_related("room")
    notifications = Notification.objects.filter(kind="applied")

    assert requests
    assert {(request.user_id, owner.pk) for request in requests for owner in access.owners(request.room)} == set(
        notifications.values_list("actor", "recipient")
    )
    assert len(notifications) > len(requests)
