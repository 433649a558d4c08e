"""Clients that do not read, and the options of connections."""

import asyncio
import os
import socket
from multiprocessing.reduction import ForkingPickler

import pytest

from config.server import protocol
from config.server.sockets import listen
from config.tests.http import GET, Application, Response, run, until

LARGE = GET.replace(b"/ ", b"/large ")


def open_files():
    return len(os.listdir("/proc/self/fd"))


@pytest.mark.guarantee("request-limits")
@pytest.mark.parametrize("piece", [10_000_000, 50_000], ids=["in one piece", "in chunks"])
@pytest.mark.parametrize("request_", [LARGE, LARGE.replace(b"1.1", b"1.0")], ids=["keep-alive", "close"])
def test_client_that_does_not_read_is_disconnected(monkeypatch, piece, request_):
    monkeypatch.setattr(protocol, "RESPONSE_SECONDS", 0.2)
    large = Response(b"x" * piece for _piece in range(10_000_000 // piece))

    async def scenario(connect):
        reader, writer = await connect()
        writer.write(GET)
        await reader.readuntil(b"hello")
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(writer.get_extra_info("peername"))
            client.sendall(request_)
            before = open_files()
            await until(lambda: open_files() == before + 1)  # the server's end of the connection
            await until(lambda: open_files() == before)
            await until(large.closed.is_set)
        writer.close()

    run(Application(lambda environ: large if environ["PATH_INFO"] == "/large" else [b"hello"]), scenario)


def test_workers_send_responses_without_delay():
    """`serve` passes its socket to other processes, and asyncio sets TCP_NODELAY if the socket names its protocol."""
    with listen("127.0.0.1", 0) as bound, ForkingPickler.loads(ForkingPickler.dumps(bound)) as passed:

        async def main():
            accepted = asyncio.get_running_loop().create_future()
            async with await asyncio.start_server(lambda _reader, writer: accepted.set_result(writer), sock=passed):
                _reader, client = await asyncio.open_connection(*bound.getsockname())
                writer = await accepted
                delay = writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
                for each in (client, writer):
                    each.close()
                return delay

        assert asyncio.run(main()) == 1
