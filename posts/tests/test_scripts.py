"""Unit tests of the JavaScript modules that need no browser, run by Node's test runner."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

TESTS = Path(__file__).parent / "js"
SCRIPTS = sorted((settings.BASE_DIR / "static/js").rglob("*.js"))


@pytest.mark.skipif(shutil.which("node") is None, reason="Node.js is not installed (version 20.19 or newer)")
def test_javascript_unit_tests_pass():
    command = ["node", "--test", *map(str, sorted(TESTS.glob("*.test.mjs")))]

    result = subprocess.run(command, capture_output=True, text=True, timeout=60)

    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_hooks_are_attributes(path):
    assert re.findall(r"""["'`]\.[a-z][\w-]*|classList\.contains""", path.read_text()) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_scripts_are_short_and_connect_returns_a_function(path):
    text = path.read_text()

    assert text.count("\n") <= 120
    for function in re.findall(r"^export function connect\(.*?^}", text, re.DOTALL | re.MULTILINE):
        assert len(re.findall(r"^  return \(\) => ", function, re.MULTILINE)) == 1
