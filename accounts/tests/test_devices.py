"""Names of devices."""

import pytest

from accounts.devices import name_device
from accounts.tests.sessions import FIREFOX, SAFARI


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on iPhone"),
        ("", "Unknown device"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Linux"),
        ("Mozilla/5.0 (X11; CrOS x86_64) Chrome/140.0 Safari/537.36", "Chrome on Chromebook"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0", "Chrome on Android"),
        ("curl/8.0", "Unknown device"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15)", "Mac"),
        ("Firefox/140.0", "Firefox"),
    ],
)
def test_device_name(user_agent, name):
    assert name_device(user_agent) == name
