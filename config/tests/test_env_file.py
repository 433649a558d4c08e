"""The file `.env`."""

import pytest

from config.tests.conftest import PRODUCTION


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xef\xbb\xbfSCHOOL_NAME=Hill School\r\n", "Hill School"),
        (b"# comment\n\n  SCHOOL_NAME=Hill # School\nexport X=1\n", "Hill # School"),
        (b"SCHOOL_NAME='Hill School'", "Hill School"),
        (b'SCHOOL_NAME="Hill $chool"', "Hill $chool"),
        (b"SCHOOL_NAME=St Mary's", "St Mary's"),
        (b"SCHOOL_NAME=", ""),
    ],
)
def test_env_file_is_read(run_code, content, expected):
    assert read_env_file(run_code, content).stdout == f"{expected}\n"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"X=1\nSECRET_KEY = secret", "Line 2 of .env"),
        (b"secret", "Line 1 of .env"),
        (b"1X=secret", "Line 1 of .env"),
        (b'SCHOOL_NAME="secret', "Line 1 of .env is neither NAME=value nor a comment, or lacks a quote"),
        (b"X=1\nSCHOOL_NAME='secret\"", "Line 2 of .env"),
        (b'SCHOOL_NAME="', "Line 1 of .env"),
        (b"SECRET_KEY=secret\0", "Line 1 of .env"),
        (b"SECRET_KEY=sec\x0bret", "Line 2 of .env"),
        (b"SCHOOL_NAME=secret\xff", ".env is not a text in UTF-8"),
        (None, ".env cannot be read: Is a directory"),
    ],
)
def test_env_file_that_is_not_valid_stops_the_start_with_one_line(run_code, content, problem):
    result = read_env_file(run_code, content)

    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert problem in line
    assert "secret" not in line


def test_env_file_that_is_a_broken_link_stops_the_start_with_one_line(run_code):
    file = run_code.folder / ".env"
    file.symlink_to("missing")
    try:
        result = run_code("from config import settings", **PRODUCTION)
    finally:
        file.unlink()

    (line,) = result.stderr.splitlines()
    assert ".env cannot be read: No such file or directory." in line


def read_env_file(run_code, content):
    """Print the name of the school with `content` in the file .env, or with a folder of that name."""
    file = run_code.folder / ".env"
    try:
        if content is None:
            file.mkdir()
        else:
            file.write_bytes(content)
        return run_code("from config import settings; print(settings.SCHOOL_NAME)", **PRODUCTION)
    finally:
        if content is None:
            file.rmdir()
        else:
            file.unlink()
