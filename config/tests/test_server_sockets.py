"""Sockets of the servers, and errors before they start."""

import shutil
import socket
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from config.server.sockets import listen, listen_unix
from config.tests.conftest import PRODUCTION


@pytest.fixture
def used_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.parametrize("host", ["nowhere.invalid", "203.0.113.7", "256.1.1.1"])
def test_address_of_another_machine_is_one_line_error(host):
    with pytest.raises(CommandError) as caught:
        listen(host, 0)

    assert host in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_errors_name_what_is_wrong():
    with pytest.raises(CommandError, match=r"Port 80 of 203\.0\.113\.7 cannot be used: this machine does not have"):
        listen("203.0.113.7", 80)
    with pytest.raises(CommandError, match="The host is empty"):
        listen("", 0)


@pytest.mark.parametrize("port", [-1, 65536, 10**30])
def test_invalid_port_is_one_line_error(port):
    with pytest.raises(CommandError, match=str(port)):
        listen("127.0.0.1", port)


def test_port_in_use_is_refused(used_port):
    with pytest.raises(CommandError, match=f"Port {used_port} of 127.0.0.1 is already in use"):
        listen("127.0.0.1", used_port)


def test_socket_of_a_killed_server_is_replaced_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the length of a socket path is limited
    path, other = Path("s"), Path("not-a-socket")
    other.touch()

    with listen_unix(path), pytest.raises(CommandError, match="s is already in use"):
        listen_unix(path)
    with listen_unix(path), socket.socket(socket.AF_UNIX) as client:
        client.connect("s")
    for wrong in (other, tmp_path):
        with pytest.raises(CommandError, match=f"{wrong} is not a socket"):
            listen_unix(wrong)

    assert other.is_file()


@pytest.mark.parametrize(
    ("command", "debug"), [(["serve", "--port"], "off"), (["runserver", "--noreload", "--skip-checks"], "on")]
)
def test_server_does_not_start_on_a_port_in_use(run, used_port, command, debug):
    result = run("manage.py", *command, str(used_port), **PRODUCTION | {"DEBUG": debug})

    assert result.returncode == 1
    assert "Serving on" not in result.stdout
    assert result.stderr.splitlines()[-1].endswith(f"Port {used_port} of 127.0.0.1 is already in use.")
    assert "Traceback" not in result.stderr


def test_server_does_not_start_without_static_files(run, used_port):
    shutil.rmtree(run.folder / ".data", ignore_errors=True)

    result = run("manage.py", "serve", "--no-static", "--port", str(used_port), **PRODUCTION)

    assert (result.returncode, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert "Run collectstatic" in line
