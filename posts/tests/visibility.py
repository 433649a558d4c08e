"""Helpers for tests of hidden objects."""

from posts.tests.support import html_without_tokens

NOWHERE = 10**12
ROOM_DOORS = [
    ("get", "room", {}),
    ("get", "room_updates", {}),
    ("post", "room_read", {"upto": "1"}),
    ("post", "room", {"body": "Let me in"}),
]
POST_DOORS = [
    ("get", "post", {}),
    ("get", "post_edit", {}),
    ("post", "post_edit", {"body": "Mine now"}),
    ("get", "post_delete", {}),
    ("post", "post_delete", {"reason": "Mine now"}),
]


def assert_same_nothing(client, method, hidden, missing, data=None):
    """Assert that both addresses answer 404 with the same words."""
    of_hidden, of_missing = (getattr(client, method)(path, data or {}) for path in (hidden, missing))

    assert (of_hidden.status_code, of_missing.status_code) == (404, 404)
    assert html_without_tokens(of_hidden, hidden) == html_without_tokens(of_missing, missing)
    assert of_hidden.headers.keys() == of_missing.headers.keys()
