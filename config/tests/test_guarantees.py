"""The list of guarantees and the tests that verify them."""

import re

from django.conf import settings


def test_each_guarantee_has_a_test():
    listed = re.findall(r"^\| `([\w-]+)` \|", (settings.BASE_DIR / "GUARANTEES.md").read_text(), re.MULTILINE)
    sources = [path.read_text() for path in settings.BASE_DIR.glob("*/tests/test_*.py")]
    tested = {key for source in sources for key in re.findall(r'mark\.guarantee\("([\w-]+)"\)', source)}

    assert len(set(listed)) == len(listed) > 40
    assert tested == set(listed)
