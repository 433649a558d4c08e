"""Helpers for tests of hidden objects."""

from posts.tests.support import html_without_tokens

MISSING_ID = 10**12
ROOM_VIEWS = [
    ("get", "room", {}),
    ("get", "room_updates", {}),
    ("get", "room_members", {}),
    ("get", "room_members_updates", {}),
    ("get", "room_code", {}),
    ("post", "room_code_rotate", {}),
    ("get", "room_settings", {}),
    ("post", "room_settings", {"name": "Mine"}),
    ("post", "room_archive", {}),
    ("post", "room_reopen", {}),
    ("post", "room_read", {"upto": "1"}),
    ("post", "room_read", {"upto": "1", "unread": "1"}),
    ("get", "room_people", {"q": "k"}),
    ("post", "room_mentions", {"body": "@kim"}),
    ("post", "room_notify", {"level": "nothing"}),
    ("post", "room", {"body": "Hello"}),
]
POST_VIEWS = [
    ("get", "post", {}),
    ("get", "post_edit", {}),
    ("post", "post_edit", {"body": "Changed"}),
    ("get", "post_delete", {}),
    ("post", "post_delete", {"reason": "Changed"}),
    ("post", "post_restore", {}),
    ("get", "post_react", {}),
    ("post", "post_react", {"emoji": "👍"}),
    ("post", "post_react", {"emoji": "x"}),
]


def assert_same_404(client, method, hidden, missing, data=None):
    """Assert that both paths return 404 with the same content and headers."""
    hidden_response, missing_response = (getattr(client, method)(path, data or {}) for path in (hidden, missing))

    assert (hidden_response.status_code, missing_response.status_code) == (404, 404)
    assert html_without_tokens(hidden_response, hidden) == html_without_tokens(missing_response, missing)
    assert hidden_response.headers.keys() == missing_response.headers.keys()
