"""The live stream, from the real server: what arrives, for whom, and what does not."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts import actions as account_actions
from accounts.models import Session, User
from posts import actions, transports
from posts.frames import Frame, read_cursors, write_cursors
from posts.hub import MOST_WAITING, Stream
from posts.models import Membership, Notification, Post, Room
from posts.tests.factories import MembershipFactory, PostFactory, RoomFactory
from posts.tests.live import Listener, Server, session_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_post_edit_removal_and_unread_count_arrive(server, common_room, student, classmate, listen):
    stream = listen(server, session_of(student), f"{common_room.pk}.0")

    post = actions.write_post(classmate, common_room, "hello @sam")
    first = stream.next("posts")
    assert f'id="post-{post.pk}"' in first["html"]
    assert first["names"] == {str(post.pk): ["sam"]}
    assert stream.rest() == [("unread", {"unread": 1})]

    actions.edit_post(post, "hello everybody", classmate)
    events = dict(stream.rest())
    assert "hello everybody" in events["posts"]["html"]
    assert events["unread"] == {"unread": 0}

    actions.remove_post(post, classmate)
    removed = stream.next("posts")
    assert "hello everybody" not in removed["html"]
    assert removed["revision"] == 3


def test_post_through_one_process_arrives_through_the_other(server, common_room, student, classmate, listen):
    with Server() as other:
        stream = listen(other, session_of(student), f"{common_room.pk}.0")
        began = time.monotonic()

        assert server.write(session_of(classmate), "from next door") == 201

        assert "from next door" in stream.next("posts")["html"]
        assert time.monotonic() - began < 1.5


def test_processes_that_cannot_tell_each_other_find_it_in_the_tables(
    server, common_room, student, classmate, listen, settings, tmp_path
):
    settings.LIVE_DIR = tmp_path / "elsewhere"
    stream = listen(server, session_of(student), f"{common_room.pk}.0")
    began = time.monotonic()

    actions.write_post(classmate, common_room, "nobody was told")

    assert "nobody was told" in stream.next("posts")["html"]
    assert time.monotonic() - began < 5


def test_dropped_stream_gets_500_missed_posts_each_once_in_order(server, common_room, student, classmate, listen):
    session = session_of(student)
    stream = listen(server, session, f"{common_room.pk}.0")
    actions.write_post(classmate, common_room, "the last one seen")
    stream.next("posts")
    seen = stream.last_id
    stream.close()
    written = [actions.write_post(classmate, common_room, f"missed {number}").pk for number in range(500)]
    edited = Post.objects.get(pk=written[7])
    actions.edit_post(edited, "second thoughts", classmate)

    back = listen(server, session, last_id=seen)
    got = back.posts(500)

    order = [int(event["html"].split('id="post-')[1].split('"')[0]) for event in got]
    assert order == [pk for pk in written if pk != edited.pk] + [edited.pk]
    assert "second thoughts" in got[-1]["html"]
    assert back.rest(0.5) == []


def test_posts_written_during_a_replay_come_after_it_each_once(server, common_room, student, classmate, listen):
    for number in range(200):
        actions.write_post(classmate, common_room, f"before {number}")
    session = session_of(student)

    with ThreadPoolExecutor(1) as pool:

        def write():
            for number in range(60):
                actions.write_post(classmate, common_room, f"meanwhile {number}")
            connection.close()

        writing = pool.submit(write)
        streams = [listen(server, session, f"{common_room.pk}.0") for _ in range(5)]
        writing.result()

    for stream in streams:
        revisions = [event["revision"] for event in stream.posts(260)]
        assert revisions == list(range(1, 261))
        assert stream.rest(0.3) == []


def test_who_missed_too_much_is_told_to_reload(server, common_room, student, classmate, listen):
    posts = PostFactory.build_batch(1001, room=common_room, author=classmate)
    for number, post in enumerate(posts, start=1):
        post.revision = number
    Post.objects.bulk_create(posts)
    Room.objects.filter(pk=common_room.pk).update(revision=1001)

    stream = listen(server, session_of(student), f"{common_room.pk}.0")

    assert stream.rest() == [("reload", {"room": common_room.pk})]


def test_browser_that_is_ahead_of_the_tables_is_told_to_reload(server, common_room, student, listen):
    stream = listen(server, session_of(student), f"{common_room.pk}.7")

    assert stream.next("reload") == {"room": common_room.pk}


def test_nothing_goes_to_somebody_who_may_not_see_it(server, student, outsider, teacher, listen):
    room = RoomFactory(owner=teacher)
    MembershipFactory(room=room, user=student)
    actions.write_post(teacher, room, "for this class only")

    inside = listen(server, session_of(student), f"{room.pk}.0")
    outside = listen(server, session_of(outsider), f"{room.pk}.0")
    nowhere = listen(server, session_of(outsider), f"{room.pk + 1000}.0")
    assert "for this class" in inside.next("posts")["html"]
    actions.write_post(teacher, room, "and this @olu")
    assert "and this" in inside.next("posts")["html"]

    assert [kind for kind, _data in outside.rest()] == ["gone"]
    assert [kind for kind, _data in nowhere.rest(0.2)] == ["gone"]


@pytest.mark.parametrize("announced", [True, False])
def test_somebody_removed_from_a_room_hears_nothing_more_of_it(server, student, teacher, listen, announced):
    room = RoomFactory(owner=teacher)
    membership = MembershipFactory(room=room, user=student)
    stream = listen(server, session_of(student), f"{room.pk}.0")

    if announced:
        actions.remove_member(membership, teacher)
    else:
        Membership.objects.filter(pk=membership.pk).delete()
    actions.write_post(teacher, room, "now that they are gone")

    assert stream.next("gone", within=5) == {"room": room.pk}
    assert [kind for kind, _data in stream.rest()] in ([], ["unread"])
    assert listen(server, session_of(student), last_id=f"{room.pk}.0").next("gone") == {"room": room.pk}


def end_session(person, session):
    Session.objects.filter(pk=session).delete()


def deactivate(person, session):
    User.objects.filter(pk=person.pk).update(is_active=False)


def change_password(person, session):
    User.objects.filter(pk=person.pk).update(password="another")


def change_role(person, session):
    account_actions.change_role(User.objects.filter(pk=person.pk), "teacher", actor=person)


def close_account(person, session):
    account_actions.close_account(User.objects.get(pk=person.pk), actor=person)


@pytest.mark.parametrize("end", [end_session, deactivate, change_password, change_role, close_account])
def test_stream_closes_within_5_seconds_of_its_session(server, common_room, student, classmate, listen, end):
    session = session_of(student)
    stream = listen(server, session, f"{common_room.pk}.0")
    other = listen(server, session_of(classmate), f"{common_room.pk}.0")

    end(student, session)

    assert stream.closed.wait(5)
    assert ("bye", {}) in stream.rest(0.1)
    assert not other.closed.is_set()
    assert Listener(server, session).status == 401


def test_stream_without_a_session_is_refused(server):
    for session in ["", "nonsense", "x" * 32, "a\\000b", "é"]:
        assert server.get("/live/", {"Cookie": f"sessionid={session}".encode()})[0] == 401
    assert server.get("/live/")[0] == 401


GARBAGE = [
    *["x", "1", "1.", ".1", "1.-1", "-", "1.1-", "1.1--2.2", "1.1,2.2", "١.١", "1.1\t", "%00"],
    *["9" * 5000, "1." + "9" * 30, "-".join(f"{room}.1" for room in range(21))],
]


def test_garbage_for_a_last_id_is_refused_in_a_word(server, student):
    cookie = {"Cookie": f"sessionid={session_of(student)}"}

    for garbage in GARBAGE:
        assert server.get("/live/", cookie | {"Last-Event-ID": f"a{garbage}".encode()})[0] == 400
        assert server.get(f"/live/?rooms={quote(garbage)}", cookie)[0] == 400
    assert "Traceback" not in server.said()


@given(st.one_of(st.text(), st.from_regex(r"[0-9.-]{1,60}")))
def test_cursors_are_read_as_they_are_written_or_not_at_all(text):
    try:
        cursors = read_cursors(text)
    except ValidationError:
        return
    assert read_cursors(write_cursors(cursors)) == cursors
    assert len(cursors) <= 20


def test_stream_answers_this_sites_own_pages_only(server, student):
    cookie = {"Cookie": f"sessionid={session_of(student)}"}

    for headers, method, status in [
        ({"Host": "evil.example"}, "GET", 400),
        ({"Sec-Fetch-Site": "cross-site"}, "GET", 403),
        ({"Sec-Fetch-Site": "same-site"}, "GET", 403),
        ({}, "POST", 405),
    ]:
        assert server.get("/live/", cookie | headers, method)[0] == status


def test_reading_notifications_moves_the_badge_on_other_screens(server, common_room, student, classmate, as_, listen):
    stream = listen(server, session_of(student))
    actions.write_post(classmate, common_room, "hello @sam")
    assert stream.next("unread") == {"unread": 1}

    as_(student).post("/notifications/read/")

    assert stream.next("unread") == {"unread": 0}


def test_lost_announcement_of_a_notification_only_makes_the_badge_later(
    server, student, classmate, common_room, listen
):
    stream = listen(server, session_of(student))
    post = PostFactory(room=common_room, author=classmate)
    time.sleep(7)  # a count to compare with

    Notification.objects.create(recipient=student, actor=classmate, kind="mention", post=post, room=common_room)

    assert stream.next("unread", within=9) == {"unread": 1}


def test_one_stream_carries_several_rooms_and_its_id_says_how_far_each_is(
    server, common_room, student, teacher, listen
):
    room = RoomFactory(owner=teacher)
    MembershipFactory(room=room, user=student)
    session = session_of(student)
    stream = listen(server, session, f"{common_room.pk}.0-{room.pk}.0")

    for where in (room, common_room):
        actions.write_post(teacher, where, "one")
        assert stream.next("posts")["room"] == where.pk
    assert stream.last_id == f"{common_room.pk}.1-{room.pk}.1"
    actions.write_post(teacher, room, "two")
    missed = stream.next("posts")
    back = listen(server, session, last_id=f"{common_room.pk}.1-{room.pk}.1")

    assert back.next("posts") == missed
    assert back.rest(0.5) == []


def test_posts_that_changed_together_arrive_together(server, common_room, student, classmate, listen):
    question = actions.write_post(student, common_room, "Who has the key?")
    answers = [actions.write_post(classmate, common_room, body, reply_to=question) for body in ("I", "Not I")]
    stream = listen(server, session_of(student), f"{common_room.pk}.3")

    with transaction.atomic():
        actions.edit_post(question, "Who has the other key?", student)
        Post.objects.filter(reply_to=question).update(revision=question.revision)

    html = stream.next("posts")["html"]
    assert all(f'id="post-{post.pk}"' in html for post in (question, *answers))
    assert stream.rest(0.3) == []


def test_revisions_become_visible_in_order_whoever_commits_first(common_room, student, classmate):
    """A transaction that began earlier and commits later never shows a lower revision after a higher one."""
    has_revision, may_commit = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            actions.write_post(student, common_room, "slow")
            has_revision.set()
            may_commit.wait(5)
        connection.close()

    def quick():
        has_revision.wait(5)
        actions.write_post(classmate, common_room, "quick")
        connection.close()

    threads = [threading.Thread(target=slow), threading.Thread(target=quick)]
    for thread in threads:
        thread.start()
    has_revision.wait(5)
    time.sleep(0.5)
    seen_meanwhile = list(Post.objects.changed_since(0).values_list("body", flat=True))
    may_commit.set()
    for thread in threads:
        thread.join()

    assert seen_meanwhile == []
    assert list(Post.objects.changed_since(0).values_list("body", "revision")) == [("slow", 1), ("quick", 2)]


def test_browser_that_does_not_read_is_cut_off_and_not_stored_up_for():
    async def flood():
        stream = Stream(user=1, session="s", proof=0, facts=())
        stream.rooms[5] = 0
        for revision in range(1, MOST_WAITING + 2):
            stream.push_post(5, Frame(5, revision, b"data: {}\n\n"))
        assert stream.closing
        return await stream.take()

    assert asyncio.run(flood()) == b""


def test_stream_skips_what_it_has():
    async def listen():
        stream = Stream(user=1, session="s", proof=0, facts=())
        stream.rooms[5] = 7
        for revision in (6, 7, 8, 8):
            stream.push_post(5, Frame(5, revision, b"x\n\n"))
        stream.push_post(6, Frame(6, 1, b"of another room\n\n"))
        return await stream.take()

    assert asyncio.run(listen()) == b"id: 5.8\nx\n\n"


def test_server_that_cannot_stream_says_so_once(as_, common_room, student):
    answer = as_(student).get("/live/")

    assert answer["Content-Type"] == "text/event-stream"
    assert answer.content == b"retry: 60000\nevent: poll\ndata: {}\n\n"
    assert Client().get("/live/").status_code == 302


def test_announcement_that_fails_leaves_the_post_written_and_is_in_the_log(
    as_, common_room, student, monkeypatch, caplog
):
    def fail(message):
        raise ImportError("no Redis here")

    monkeypatch.setattr(transports, "send", fail)
    answer = as_(student).post(f"/rooms/{common_room.slug}/", {"body": "heard by nobody"})

    assert answer.status_code == 302
    assert Post.objects.get().body == "heard by nobody"
    assert "no Redis here" in caplog.text
