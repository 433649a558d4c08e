"""The admin of rooms, memberships, posts and notifications."""

import json

import pytest
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.audit import reason_of
from accounts.tests.factories import UserFactory
from posts import actions
from posts.admin.rooms import RoomForm
from posts.models import Membership, Notification, Post, Room
from posts.tests.factories import MembershipFactory, NotificationFactory, PostFactory, RoomFactory

ROOMS = "/admin/posts/room/"
MEMBERSHIPS = "/admin/posts/membership/"
POSTS = "/admin/posts/post/"
NOTIFICATIONS = "/admin/posts/notification/"


@pytest.fixture
def browser(admin, as_):
    """The administrator's browser."""
    return as_(admin)


@pytest.fixture
def room(teacher):
    """The teacher's room."""
    return RoomFactory(name="Maths 7b", slug="maths-7b", owner=teacher)


def page_of(obj):
    return reverse(f"admin:posts_{obj._meta.model_name}_change", args=[obj.pk])


def act(browser, action, *things, **answers):
    """Choose things in their list, choose the action and, with `answers`, say yes to its question."""
    address = reverse(f"admin:posts_{things[0]._meta.model_name}_changelist")
    chosen = {"action": action, "_selected_action": [thing.pk for thing in things]}
    return browser.post(address, {**chosen, "confirmed": len(things), **answers} if answers else chosen)


def entries(obj):
    content_type = ContentType.objects.get_for_model(obj)
    return LogEntry.objects.filter(content_type=content_type, object_id=str(obj.pk))


def fields_of(entry):
    return next(part["changed"]["fields"] for part in json.loads(entry.change_message) if "changed" in part)


# --- Every page ---


@pytest.mark.parametrize("address", [ROOMS, MEMBERSHIPS, POSTS, NOTIFICATIONS])
def test_every_list_opens_also_filtered(browser, room, address):
    MembershipFactory(room=room)
    NotificationFactory()

    for query in ("", "?q=maths", "?room=maths-7b", "?person=sam", "?author=sam", "?state=removed", "?_facets=True"):
        assert browser.get(address + query).status_code in (200, 302)


@pytest.mark.parametrize("address", [ROOMS + "add/", MEMBERSHIPS + "add/"])
def test_every_add_page_opens(browser, address):
    assert browser.get(address).status_code == 200


@pytest.mark.parametrize("address", [POSTS + "add/", NOTIFICATIONS + "add/"])
def test_posts_and_notifications_are_not_written_here(browser, address):
    assert browser.get(address).status_code == 403


def test_every_change_page_opens(browser, room, common_room):
    notification = NotificationFactory()
    reply = PostFactory(reply_to=notification.post)
    accepted = NotificationFactory(post=None, actor=room.owner, room=room, kind="accepted")

    for obj in (room, common_room, MembershipFactory(room=room), notification, accepted, notification.post, reply):
        assert browser.get(page_of(obj)).status_code == 200


@pytest.mark.parametrize(("address", "pinned"), [(ROOMS, 4), (MEMBERSHIPS, 4), (POSTS, 8), (NOTIFICATIONS, 9)])
def test_a_list_asks_the_same_few_queries_whatever_its_length(browser, address, pinned, django_assert_num_queries):
    def fill():
        MembershipFactory()
        NotificationFactory(post=PostFactory(reply_to=PostFactory()))

    fill()
    browser.get(address)
    with django_assert_num_queries(pinned):
        browser.get(address)
    for _row in range(5):
        fill()

    with django_assert_num_queries(pinned):
        response = browser.get(address)

    assert response.context["cl"].result_count >= 6


@pytest.mark.parametrize("address", [ROOMS, MEMBERSHIPS, POSTS, NOTIFICATIONS])
@pytest.mark.parametrize(
    "query",
    ["q=%00", "p=" + "9" * 30, "p=-1", "id__exact=abc", "id__exact=" + "9" * 5000, "created_at__year=9999",
     "created_at__year=2025&created_at__month=x", "room=%F0%9F%90%B8", "person=" + "x" * 3000, "state=%00",
     "room__id__exact=" + "9" * 30, "state__exact=nonsense", "kind__exact=nonsense", "o=9.9.9"],
    ids=lambda query: query[:30],
)  # fmt: skip
def test_no_query_string_breaks_a_list(browser, room, address, query):
    assert browser.get(f"{address}?{query}").status_code in (200, 302, 400)


@pytest.mark.parametrize("address", [ROOMS, MEMBERSHIPS, POSTS])
@pytest.mark.parametrize("chosen", ["abc", "9" * 30, "\0", ""])
def test_garbage_as_a_choice_changes_nothing(browser, room, address, chosen):
    response = browser.post(address, {"action": "remove", "_selected_action": chosen, "confirmed": 1, "reason": "x"})

    assert response.status_code == 302
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("address", [ROOMS, MEMBERSHIPS, POSTS, NOTIFICATIONS])
@pytest.mark.parametrize("person", ["student", "teacher"])
def test_people_without_staff_rights_are_refused(as_, request, address, person):
    assert as_(request.getfixturevalue(person)).get(address).status_code == 403


# --- Posts ---


def test_posts_are_found_by_their_words_and_their_author(browser, student):
    wanted = PostFactory(author=student, body="Where is the telescope?")
    PostFactory(body="In the cupboard.")

    for query in ("q=telescope", "q=sam", "author=SAM"):
        assert list(browser.get(f"{POSTS}?{query}").context["cl"].result_list) == [wanted]


@pytest.mark.parametrize(("state", "expected"), [("visible", 2), ("edited", 1), ("removed", 1)])
def test_posts_are_filtered_by_state(browser, admin, state, expected):
    PostFactory()
    actions.edit_post(PostFactory(), "In other words.", admin)
    actions.remove_post(PostFactory(), admin)

    assert browser.get(f"{POSTS}?state={state}").context["cl"].result_count == expected


def test_removing_posts_asks_first_with_a_reason(browser):
    post = PostFactory()

    asked = act(browser, "remove", post)
    without = act(browser, "remove", post, reason=" ")

    assert [asked.status_code, without.status_code] == [200, 200]
    assert "reason" in without.context["form"].errors
    assert Post.objects.not_removed().filter(pk=post.pk).exists()
    assert not LogEntry.objects.exists()


def test_removing_posts_is_the_action_s_removal_one_entry_each(browser, admin, student):
    posts = PostFactory.create_batch(2)
    NotificationFactory(recipient=student, post=posts[0])
    revision = posts[0].room.revision

    act(browser, "remove", *posts, reason="Unkind")

    for post in posts:
        post.refresh_from_db()
        assert post.removed_by == admin
        assert post.revision > revision
        entry = entries(post).get()
        assert (entry.user, entry.action_flag, reason_of(entry)) == (admin, DELETION, "Unkind")
    assert not student.notifications.exists()


def test_a_removed_post_can_be_read_and_not_changed_or_removed_again(browser, admin):
    post = PostFactory(body="Something unkind")
    actions.remove_post(post, admin, "Unkind")

    page = browser.get(page_of(post))
    changed = browser.post(page_of(post), {"body": "Something nice"})
    asked = act(browser, "remove", post)

    assert "Something unkind" in page.content.decode()
    assert changed.status_code == 403
    assert asked.status_code == 302
    post.refresh_from_db()
    assert post.body == "Something unkind"
    assert entries(post).count() == 1


def test_new_words_go_by_the_action_with_mentions_revision_and_one_entry(browser, admin, student):
    post = PostFactory(body="Who has the key?")

    response = browser.post(page_of(post), {"body": "Who has the key, @sam?", "author": student.pk, "removed_at": "x"})

    assert response.status_code == 302
    changed = Post.objects.get(pk=post.pk)
    assert (changed.body, changed.mentions, changed.author_id) == ("Who has the key, @sam?", ["sam"], post.author_id)
    assert changed.revision > post.revision
    assert changed.edited_at is not None
    assert changed.removed_at is None
    assert student.notifications.filter(post=post).exists()
    entry = entries(post).get()
    assert (entry.user, entry.action_flag, fields_of(entry)) == (admin, CHANGE, ["body"])


@pytest.mark.parametrize("body", ["", "   ", "\0", "\u200b", "x" * 141])
def test_words_that_are_no_post_are_a_form_error(browser, body):
    post = PostFactory(body="Who has the key?")

    response = browser.post(page_of(post), {"body": body})

    assert response.status_code == 200
    assert "body" in response.context["adminform"].form.errors
    post.refresh_from_db()
    assert post.body == "Who has the key?"
    assert not LogEntry.objects.exists()


def test_posts_are_never_deleted(browser):
    post = PostFactory()

    response = browser.post(f"{POSTS}{post.pk}/delete/", {"post": "yes"})
    browser.post(POSTS, {"action": "delete_selected", "_selected_action": post.pk, "post": "yes"})

    assert response.status_code == 403
    assert Post.objects.filter(pk=post.pk).exists()


def test_what_people_write_is_text(browser):
    post = PostFactory(body="<b>bold</b>")

    for address in (POSTS, page_of(post)):
        assert "<b>bold" not in browser.get(address).content.decode()


def test_no_email_stands_beside_posts_rooms_memberships_or_notifications(browser, room):
    NotificationFactory()
    MembershipFactory(room=room)

    for address in (POSTS, ROOMS, MEMBERSHIPS, NOTIFICATIONS, page_of(room)):
        assert "@school.example" not in browser.get(address).content.decode()


# --- Rooms ---


def test_a_room_is_opened_with_one_entry(browser, admin, teacher):
    response = browser.post(ROOMS + "add/", {"name": " Maths  7b ", "slug": "maths-7b", "owner": teacher.pk})

    room = Room.objects.get(slug="maths-7b")
    assert response.status_code == 302
    assert (room.name, room.owner_id) == ("Maths 7b", teacher.pk)
    entry = entries(room).get()
    assert (entry.user, entry.action_flag) == (admin, ADDITION)


@pytest.mark.parametrize(
    ("field", "value"),
    [("slug", "common"), ("slug", "a b"), ("slug", ""), ("slug", "x" * 61), ("name", ""), ("name", "\0"),
     ("name", "x" * 61), ("owner", "abc"), ("owner", "9" * 30)],
)  # fmt: skip
def test_a_room_that_cannot_be_is_a_form_error(browser, teacher, field, value):
    sent = {"name": "Maths 7b", "slug": "maths-7b", "owner": teacher.pk} | {field: value}

    response = browser.post(ROOMS + "add/", sent)

    assert response.status_code == 200
    assert field in response.context["adminform"].form.errors
    assert not LogEntry.objects.exists()


def test_a_student_cannot_own_a_room(browser, student):
    response = browser.post(ROOMS + "add/", {"name": "Maths 7b", "slug": "maths-7b", "owner": student.pk})

    assert "owner" in response.context["adminform"].form.errors


def test_a_change_to_a_room_keeps_what_happened_meanwhile(browser, admin, room, monkeypatch):
    def meanwhile(form):
        Room.objects.filter(pk=room.pk).update(revision=7)
        return room.slug

    monkeypatch.setattr(RoomForm, "clean_slug", meanwhile)

    browser.post(page_of(room), {"name": "Maths 8b", "slug": room.slug, "owner": room.owner_id, "revision": 0})

    room.refresh_from_db()
    assert (room.name, room.revision) == ("Maths 8b", 7)
    entry = LogEntry.objects.get()
    assert (entry.user, fields_of(entry)) == (admin, ["name"])


def test_saving_a_room_without_a_change_leaves_no_entry(browser, room):
    browser.post(page_of(room), {"name": room.name, "slug": room.slug, "owner": room.owner_id})

    assert not LogEntry.objects.exists()


def test_the_common_room_keeps_its_address_and_stays(browser, common_room):
    browser.post(page_of(common_room), {"name": "Hall", "slug": "hall", "owner": ""})
    deleted = browser.post(f"{ROOMS}{common_room.pk}/delete/", {"post": "yes"})

    common_room.refresh_from_db()
    assert (common_room.name, common_room.slug) == ("Hall", "common")
    assert deleted.status_code == 403


def test_a_room_in_which_something_was_said_is_not_deleted(browser, room):
    post = PostFactory(room=room)

    page = browser.get(page_of(room)).content.decode()
    one = browser.post(f"{ROOMS}{room.pk}/delete/", {"post": "yes"})
    listed = browser.get(ROOMS).content.decode()
    browser.post(ROOMS, {"action": "delete_selected", "_selected_action": room.pk, "post": "yes"})

    assert "delete_selected" not in listed
    assert f"{ROOMS}{room.pk}/delete/" not in page
    assert one.status_code == 403
    assert Post.objects.filter(pk=post.pk).exists()


def test_an_empty_room_is_deleted_with_its_memberships_and_one_entry(browser, admin, room):
    MembershipFactory(room=room)

    asked = browser.get(f"{ROOMS}{room.pk}/delete/")
    browser.post(f"{ROOMS}{room.pk}/delete/", {"post": "yes"})

    assert asked.status_code == 200
    assert not Room.objects.filter(pk=room.pk).exists()
    entry = LogEntry.objects.get()
    assert (entry.user, entry.action_flag, entry.object_repr) == (admin, DELETION, "Maths 7b")


def test_room_with_a_new_post_is_not_deleted(room, admin):
    loaded_earlier = Room.objects.get(pk=room.pk)
    PostFactory(room=room)

    with pytest.raises(PermissionDenied):
        actions.delete_room(loaded_earlier, admin)

    assert Room.objects.filter(pk=room.pk).exists()
    assert not LogEntry.objects.exists()


def test_archiving_asks_for_a_reason_and_opening_again_does_not(browser, admin, room):
    asked = act(browser, "archive", room)
    act(browser, "archive", room, reason="The year is over")
    room.refresh_from_db()
    archived = room.is_archived
    act(browser, "unarchive", room)

    room.refresh_from_db()
    assert asked.status_code == 200
    assert (archived, room.is_archived) == (True, False)
    opened, closed = entries(room).order_by("-pk")
    assert (closed.user, fields_of(closed), reason_of(closed)) == (admin, ["archived_at"], "The year is over")
    assert (opened.user, fields_of(opened)) == (admin, ["archived_at"])


def test_the_join_code_is_shown_and_renewed(browser, admin, room):
    old = room.join_code

    shown = browser.get(page_of(room)).content.decode()
    act(browser, "renew_join_code", room, reason="It was on the wall")

    room.refresh_from_db()
    assert old in shown
    assert room.join_code != old
    entry = entries(room).get()
    assert (entry.user, fields_of(entry), reason_of(entry)) == (admin, ["join_code"], "It was on the wall")


def test_the_list_of_rooms_counts_members_and_leads_to_applications(browser, room):
    MembershipFactory.create_batch(3, room=room)
    MembershipFactory(room=room, state=Membership.State.APPLIED)
    MembershipFactory(room=room, state=Membership.State.REMOVED)

    html = browser.get(ROOMS, {"q": "maths"}).content.decode()

    assert '<td class="field-members">4</td>' in html
    assert "room=maths-7b&amp;state__exact=applied" in html


# --- Memberships ---


def test_putting_somebody_into_a_room_tells_them_and_is_one_entry(browser, admin, room, student):
    browser.post(MEMBERSHIPS + "add/", {"user": student.pk, "room": room.pk, "notify": "mentions", "state": "removed"})

    membership = Membership.objects.get(user=student, room=room)
    assert membership.state == Membership.State.MEMBER
    told = Notification.objects.get(recipient=student)
    assert (told.kind, told.room, told.post, told.actor) == ("accepted", room, None, admin)
    entry = entries(membership).get()
    assert (entry.user, entry.action_flag) == (admin, ADDITION)


def test_a_second_membership_is_a_form_error(browser, room, student):
    MembershipFactory(room=room, user=student)

    response = browser.post(MEMBERSHIPS + "add/", {"user": student.pk, "room": room.pk, "notify": "mentions"})

    assert response.status_code == 200
    assert Membership.objects.filter(user=student, room=room).count() == 1


@pytest.mark.parametrize("sent", [{}, {"user": "abc", "room": "9" * 30}, {"user": "\0", "room": "", "notify": "all"}])
def test_garbage_makes_no_membership(browser, sent):
    response = browser.post(MEMBERSHIPS + "add/", sent)

    assert response.status_code == 200
    assert {"user", "room", "notify"} <= {*response.context["adminform"].form.errors}


def test_the_change_form_moves_nobody(browser, admin, room, student, classmate):
    membership = MembershipFactory(room=room, user=student, state=Membership.State.APPLIED)

    browser.post(page_of(membership), {"user": classmate.pk, "state": "member", "notify": "nothing"})

    membership.refresh_from_db()
    assert (membership.user_id, membership.state, membership.notify) == (student.pk, "applied", "nothing")
    assert fields_of(entries(membership).get()) == ["notify"]


@pytest.mark.parametrize("state", ["applied", "declined", "removed"])
def test_accepting_lets_in_tells_and_records(browser, admin, room, student, state):
    membership = MembershipFactory(room=room, user=student, state=state)

    act(browser, "accept", membership)
    act(browser, "accept", membership)

    membership.refresh_from_db()
    assert membership.state == Membership.State.MEMBER
    assert student.notifications.get().kind == "accepted"
    entry = entries(membership).get()
    assert (entry.user, fields_of(entry)) == (admin, ["state"])


@pytest.mark.parametrize(
    ("action", "before", "after"), [("decline", "applied", "declined"), ("remove", "member", "removed")]
)
def test_keeping_out_asks_for_a_reason_and_records_it(browser, admin, room, student, action, before, after):
    membership = MembershipFactory(room=room, user=student, state=before)

    asked = act(browser, action, membership)
    act(browser, action, membership, reason="Another class")

    membership.refresh_from_db()
    assert asked.status_code == 200
    assert membership.state == after
    assert not student.notifications.exists()
    entry = entries(membership).get()
    assert (entry.user, fields_of(entry), reason_of(entry)) == (admin, ["state"], "Another class")


def test_a_member_is_not_declined(browser, room, student):
    membership = MembershipFactory(room=room, user=student)

    act(browser, "decline", membership, reason="why not")
    declined = actions.decline(membership, room.owner)

    membership.refresh_from_db()
    assert not declined
    assert membership.state == Membership.State.MEMBER


def test_deleting_memberships_is_one_entry_each(browser, admin, room):
    memberships = MembershipFactory.create_batch(2, room=room)
    chosen = [membership.pk for membership in memberships]

    browser.post(MEMBERSHIPS, {"action": "delete_selected", "_selected_action": chosen, "post": "yes"})

    assert not Membership.objects.filter(pk__in=chosen).exists()
    assert [entry.user for entry in LogEntry.objects.filter(action_flag=DELETION)] == [admin, admin]


@pytest.mark.parametrize(
    ("state", "offered"), [("applied", {"accept", "decline"}), ("member", {"remove"}), ("removed", {"accept"})]
)
def test_the_page_of_a_membership_offers_what_makes_sense(browser, room, state, offered):
    verbs = browser.get(page_of(MembershipFactory(room=room, state=state))).context["buttons"]

    assert {name for name, _text in verbs} == offered


# --- Notifications ---


def test_notifications_are_to_look_at(browser):
    notification = NotificationFactory()

    page = browser.get(page_of(notification))
    changed = browser.post(page_of(notification), {"kind": "reply"})

    assert page.status_code == 200
    assert changed.status_code == 403


# --- Staff who are no superusers ---


@pytest.mark.parametrize("model", ["room", "membership", "post"])
def test_staff_who_may_only_look_have_no_actions(as_, room, model):
    viewer = UserFactory(username="viewer", is_staff=True)
    viewer.user_permissions.set(Permission.objects.filter(codename=f"view_{model}"))
    thing = {"room": room, "membership": MembershipFactory(room=room), "post": PostFactory()}[model]
    browser = as_(viewer)

    page = browser.get(page_of(thing))
    for action in ("archive", "renew_join_code", "remove", "accept", "decline"):
        act(browser, action, thing, reason="why not")

    assert page.status_code == 200
    assert not page.context["buttons"]
    assert not LogEntry.objects.exists()
