"""Access to live streams, and the end of their sessions."""

import time
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts import actions as account_actions
from accounts.models import Session, User
from accounts.tests.factories import AdminFactory, StudentFactory
from accounts.text import read_id
from posts import actions
from posts.live.hub import MAX_STREAMS
from posts.tests.factories import MembershipFactory, RoomFactory
from posts.tests.live import StreamClient, create_session
from posts.tests.live_server import Server

pytestmark = pytest.mark.django_db(transaction=True)


def end_session(user, session):
    Session.objects.filter(pk=session).delete()


def expire(user, session):
    Session.objects.filter(pk=session).update(expire_date="2020-01-01T00:00:00Z")


def deactivate(user, session):
    User.objects.filter(pk=user.pk).update(is_active=False)


def change_password(user, session):
    User.objects.filter(pk=user.pk).update(password="another")


def require_new_password(user, session):
    User.objects.filter(pk=user.pk).update(must_change_password=True)


def change_role(user, session):
    account_actions.change_role(User.objects.filter(pk=user.pk), "teacher", actor=AdminFactory())


def close_account(user, session):
    account_actions.close_account(User.objects.get(pk=user.pk), actor=user)


ENDS = [end_session, expire, deactivate, change_password, require_new_password, change_role, close_account]


@pytest.mark.guarantee("sessions")
def test_streams_end_within_5_seconds_of_their_sessions(server, common_room, classmate, open_stream, record_property):
    students = StudentFactory.create_batch(len(ENDS))
    sessions = [create_session(student) for student in students]
    streams = [open_stream(server, session, common_room) for session in sessions]
    other = open_stream(server, create_session(classmate), common_room)

    start = time.monotonic()
    for end, student, session in zip(ENDS, students, sessions, strict=True):
        end(student, session)

    for end, stream in zip(ENDS, streams, strict=True):
        assert stream.closed.wait(start + 5 - time.monotonic()), end.__name__
    record_property("figure", f"{time.monotonic() - start:.1f} s until a stream ends after its session")
    assert all(("closed", {}) in stream.read_until_quiet(0.1) for stream in streams)
    assert not other.closed.is_set()
    assert {StreamClient(server, session).status for session in sessions} == {401}


@pytest.mark.guarantee("lost-access")
def test_quiet_room_is_gone_within_5_seconds_of_a_removal(server, student, teacher, open_stream, record_property):
    room = RoomFactory(owner=teacher)
    membership = MembershipFactory(room=room, user=student)
    stream = open_stream(server, create_session(student), room)

    actions.remove_member(membership, teacher)
    start = time.monotonic()

    assert stream.next("gone", timeout=5) == {"room": room.pk}
    record_property("figure", f"{time.monotonic() - start:.1f} s until a removed member's stream leaves the room")


def test_changed_session_data_does_not_end_a_stream(frequent_server, common_room, student, open_stream):
    session = create_session(student)
    stream = open_stream(frequent_server, session, common_room)

    store = Session.get_session_store_class()(session)
    store["a message"] = "Saved"
    store.save()

    stream.wait_for_heartbeats()
    assert not stream.closed.is_set()


@pytest.mark.guarantee("streams")
def test_thirteenth_stream_of_a_user_ends_the_oldest(
    server, common_room, student, classmate, open_stream, record_property
):
    session = create_session(student)
    streams = [open_stream(server, session, common_room) for _number in range(MAX_STREAMS)]
    other = open_stream(server, create_session(classmate), common_room)

    streams.append(open_stream(server, session, common_room))
    assert streams[0].closed.wait(5)
    assert ("closed", {}) in streams[0].read_until_quiet(0.1)
    streams.append(open_stream(server, session, common_room))
    assert streams[1].closed.wait(5)

    record_property("figure", f"{MAX_STREAMS} streams")
    actions.write_post(classmate, common_room, "to the others")
    assert all("to the others" in stream.next("posts")["html"] for stream in [*streams[2:], other])


def test_stream_without_a_session_is_refused(server):
    for session in ["", "nonsense", "x" * 32, "a\\000b", "é", "x" * 5000]:
        assert server.get("/live/", {"Cookie": f"sessionid={session}".encode("latin-1")})[0] == 401
    assert server.get("/live/")[0] == 401


@pytest.mark.parametrize(
    "cookies",
    [
        'prefs={"lang":"en"}; %s',
        "%s; a b=c; =x; ;;",
        'q="a;b"; %s',
        "sessionid=old; %s",
        "é=ü; %s",
        "%s; expires=x; path=/",
    ],
)
def test_session_cookie_is_found_among_cookies_as_django_finds_it(server, student, cookies):
    header = cookies % f"sessionid={create_session(student)}"

    assert server.get("/live/", {"Cookie": header.encode("latin-1")}, "HEAD")[0] == 200


INVALID_NUMBERS = ["x", "1.", "-1", "1,2", "1 2", "١", "1\t", "%00", "9" * 19, "9" * 5000]


def test_invalid_position_is_refused(server, student):
    cookie = {"Cookie": f"sessionid={create_session(student)}"}

    for value in INVALID_NUMBERS:
        assert server.get("/live/", cookie | {"Last-Event-ID": f"a{value}".encode()})[0] == 400
        assert server.get(f"/live/?room={quote(value)}", cookie)[0] == 400
        assert server.get(f"/live/?room=1&after={quote(value)}", cookie)[0] == 400
        assert server.get(f"/live/?language={quote(value)}", cookie)[0] == 400
    # Sent by pages that an earlier version rendered.
    assert server.get("/live/?rooms=1.5", cookie)[0] == 400
    assert "Traceback" not in server.read_output()


@given(st.one_of(st.text(), st.from_regex(r"[0-9]{1,20}")))
def test_position_fits_into_a_column(text):
    number = read_id(text)

    assert number is None or number == int(text) < 2**63


def test_other_hosts_sites_and_methods_are_refused(server, student):
    cookie = {"Cookie": f"sessionid={create_session(student)}"}

    for headers, method, status in [
        ({"Host": "evil.example"}, "GET", 400),
        ({"Sec-Fetch-Site": "cross-site"}, "GET", 403),
        ({"Sec-Fetch-Site": "same-site"}, "GET", 403),
        ({}, "POST", 405),
    ]:
        assert server.get("/live/", cookie | headers, method)[0] == status


def test_server_without_streams_sends_a_poll_event(client_for, common_room, student):
    response = client_for(student).get("/live/")

    assert response["Content-Type"] == "text/event-stream"
    assert response.content == b"retry: 60000\nevent: poll\ndata: {}\n\n"
    assert Client().get("/live/").status_code == 302


def test_new_secret_key_ends_all_sessions(student):
    cookie = {"Cookie": f"sessionid={create_session(student)}"}

    with Server(SECRET_KEY="another key " * 5) as server:
        assert server.get("/live/", cookie)[0] == 401
        assert server.get("/account/", cookie)[0] == 302
