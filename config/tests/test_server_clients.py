"""The client's address in requests: of the connection, or from the declared proxy."""

import socket
import struct

import pytest

from config.server.clients import client_address, peer_address
from config.tests.http import Application, exchange, run

FORGED = "203.0.113.9"
CLIENT = "198.51.100.7"


@pytest.fixture
def proxy(settings):
    settings.BEHIND_TLS_PROXY = True


def get(*forwarded):
    """Return a request with these X-Forwarded-For headers."""
    lines = [b"GET / HTTP/1.1", b"Host: x", *(f"X-Forwarded-For: {value}".encode() for value in forwarded)]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def address_of(request, uds=None):
    """Return the REMOTE_ADDR of a request from this machine."""
    application = Application(lambda environ: [b"hello"])
    run(application, lambda connect: exchange(connect, request), uds=uds)
    return application.requests[0]["REMOTE_ADDR"]


@pytest.fixture
def uds(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the length of a socket path is limited
    return "s"


@pytest.mark.guarantee("forwarded")
def test_forged_header_changes_nothing_without_a_declared_proxy(uds, record_property):
    assert address_of(get(FORGED)) == "127.0.0.1"
    assert address_of(get(FORGED), uds) == "127.0.0.1"
    record_property("figure", "0 of 2 forged addresses accepted")


def test_declared_proxy_sets_the_address(proxy, uds):
    assert address_of(get(CLIENT)) == CLIENT
    assert address_of(get(CLIENT), uds) == CLIENT


@pytest.mark.guarantee("forwarded")
@pytest.mark.parametrize("forwarded", [[f"{FORGED}, {CLIENT}"], [FORGED, CLIENT], [f"{FORGED},{CLIENT} "]])
def test_only_the_last_address_is_the_one_of_the_proxy(proxy, forwarded):
    assert address_of(get(*forwarded)) == CLIENT


@pytest.mark.parametrize(
    "forwarded", [[], [""], ["unknown"], [f"{CLIENT},"], [f"{CLIENT}:80"], ["1" * 5000], ["::" * 999]]
)
def test_request_without_a_valid_address_has_the_one_of_the_connection(proxy, forwarded):
    assert address_of(get(*forwarded)) == "127.0.0.1"


def test_other_connections_are_not_the_proxy(proxy):
    assert client_address("203.0.113.5", CLIENT) == "203.0.113.5"
    assert client_address("2001:db8::5", CLIENT) == "2001:db8::5"


@pytest.mark.parametrize(
    ("address", "standard"),
    [("::ffff:198.51.100.7", CLIENT), ("2001:DB8:0::7", "2001:db8::7"), ("fe80::1%eth0", "fe80::1")],
)
def test_address_has_one_form(proxy, address, standard):
    assert peer_address((address, 1)) == standard
    assert client_address("127.0.0.1", address) == standard
    assert client_address(peer_address(("::ffff:127.0.0.1", 1)), address) == standard


@pytest.mark.guarantee("forwarded")
def test_client_that_disconnects_at_once_is_not_the_proxy(proxy):
    application = Application(lambda environ: [b"hello"])

    async def scenario(connect):
        _reader, writer = await connect()
        client = socket.create_connection(writer.get_extra_info("peername"), source_address=("127.0.0.2", 0))
        client.sendall(get(CLIENT))
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()  # resets the connection before the server accepts it
        await exchange(connect, get())
        writer.close()

    run(application, scenario)

    assert [request["REMOTE_ADDR"] for request in application.requests] == ["127.0.0.2", "127.0.0.1"]
