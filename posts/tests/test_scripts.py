"""Unit tests of the JavaScript modules that need no browser, run by Node's test runner."""

import shutil
import subprocess
from pathlib import Path

import pytest

TESTS = Path(__file__).parent / "js"


@pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed (version 20.19 or newer)")
def test_javascript_unit_tests_pass():
    command = ["node", "--test", *map(str, sorted(TESTS.glob("*.test.mjs")))]

    result = subprocess.run(command, capture_output=True, text=True, timeout=60)

    assert result.returncode == 0, result.stdout + result.stderr
