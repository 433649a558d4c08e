"""Names of devices."""

import pytest

from accounts.devices import name_device

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"

SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (FIREFOX, "Firefox on Windows"), (SAFARI, "Safari on iPhone"), ("", "Unknown device"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Linux"),
        ("Mozilla/5.0 (X11; CrOS x86_64) Chrome/140.0 Safari/537.36", "Chrome on Chromebook"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0", "Chrome on Android"), ("curl/8.0", "Unknown device"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15)", "Mac"), ("Firefox/140.0", "Firefox"),
    ],
)  # fmt: skip
def test_a_device_has_a_name_that_people_know(agent, name):
    assert name_device(agent) == name
