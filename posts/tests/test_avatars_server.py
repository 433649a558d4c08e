"""Uploads of profile pictures to a real server."""

import http.client
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from accounts.models import User
from accounts.tests.factories import StudentFactory
from accounts.tests.pictures import picture
from posts.tests.live import create_session

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "a" * 32
UPLOADS = 4


def save_picture(server, user, session, content):
    """Submit the profile form with a picture. Return the status of the response."""
    fields = {name: getattr(user, name) for name in ("email", *User.PROFILE_FIELDS)} | {"csrfmiddlewaretoken": TOKEN}
    parts = [f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{fields[name]}\r\n' for name in fields]
    parts.append('--B\r\nContent-Disposition: form-data; name="avatar"; filename="me.png"\r\n\r\n')
    body = "".join(parts).encode() + content + b"\r\n--B--\r\n"
    headers = {
        "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
        "Content-Type": "multipart/form-data; boundary=B",
    }
    client = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        client.request("POST", "/account/", body, headers)
        return client.getresponse().status
    finally:
        client.close()


@pytest.mark.guarantee("pictures")
def test_uploads_do_not_delay_posts(server, classmate, common_room, record_property):
    content = picture("PNG", size=(4000, 4000), mode="RGBA", color=(1, 2, 3, 4))
    students = StudentFactory.create_batch(UPLOADS)
    sessions = [create_session(student) for student in students]
    writer = create_session(classmate)
    delays = []

    with ThreadPoolExecutor(UPLOADS) as pool:
        uploads = [
            pool.submit(save_picture, server, *sender, content) for sender in zip(students, sessions, strict=True)
        ]
        while not all(upload.done() for upload in uploads):
            start = time.perf_counter()
            assert server.write(writer, f"Post {len(delays)}") == 201
            delays.append(time.perf_counter() - start)

    assert [upload.result() for upload in uploads] == [302] * UPLOADS
    record_property("figure", f"{UPLOADS} uploads at once: a post takes at most {max(delays):.2f} s")
    assert len(delays) > UPLOADS
    assert max(delays) < 0.5
