"""Requests over kept connections, as many as a server answers, from a client that does nothing else."""

import asyncio
import os
import time
from dataclasses import dataclass

CONNECTIONS = 8
WORKER_PATH = "/worker/"  # answers which process serves a connection


@dataclass(frozen=True)
class Load:
    """What a server did: answers a second, milliseconds of its CPU for each, and how many were not as wanted."""

    rate: float
    cpu: float
    answers: int
    bad: int

    @classmethod
    def of(cls, loads):
        """Return what `loads` come to, one after the other."""
        answers, seconds = sum(load.answers for load in loads), sum(load.answers / load.rate for load in loads)
        cpu = sum(load.cpu * load.answers for load in loads)
        return cls(answers / seconds, cpu / answers, answers, sum(load.bad for load in loads))


async def drive(server, requests, seconds, wanted=(200,)):
    """Send requests for so many seconds; return the Load.

    `requests` has a list for each connection: bytes, sent in turn, or one function of the turn's number.
    """
    connections = await _connect_evenly(server, len(requests))
    until = time.perf_counter() + seconds
    used, began = server.cpu(), time.perf_counter()
    results = await asyncio.gather(
        *(_one(connection, own, until, wanted) for connection, own in zip(connections, requests, strict=True))
    )
    took, cpu = time.perf_counter() - began, server.cpu() - used
    answers, bad = (sum(result[place] for result in results) for place in (0, 1))
    return Load(answers / took, cpu * 1000 / max(answers, 1), answers, bad)


def telling_worker(application):
    """Return an ASGI application that is `application`, and says at WORKER_PATH which process it runs in."""

    async def told(scope, receive, send):
        if scope["type"] == "http" and scope["path"] == WORKER_PATH:
            body = str(os.getpid()).encode()
            headers = [(b"content-length", str(len(body)).encode())]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})
        else:
            await application(scope, receive, send)

    return told


async def ask(port, request):
    """Return (status, head, body) of one request."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    try:
        return await _answer(reader)
    finally:
        writer.close()


async def _connect_evenly(server, number):
    """Open `number` connections, as many to each of the server's processes: whichever wakes first takes a new one."""
    workers = server.processes()
    most = -(-number // len(workers))
    found = {str(worker): [] for worker in workers}
    while sum(map(len, found.values())) < number:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(f"GET {WORKER_PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        _status, _head, body = await _answer(reader)
        theirs = found[body.decode()]
        if len(theirs) < most:
            theirs.append((reader, writer))
        else:
            writer.close()
    return [connection for theirs in found.values() for connection in theirs]


async def _one(connection, requests, until, wanted):
    reader, writer = connection
    answers = bad = turn = 0
    while time.perf_counter() < until:
        request = requests[turn % len(requests)]
        writer.write(request(turn) if callable(request) else request)
        status, _head, _body = await _answer(reader)
        turn += 1
        answers += 1
        bad += status not in wanted
    writer.close()
    return answers, bad


async def _answer(reader):
    answer = await reader.readuntil(b"\r\n\r\n")
    head = answer.lower()
    status = int(head[9:12])
    if b"transfer-encoding: chunked" in head:
        body = b""
        while size := int((await reader.readline()).strip(), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
    else:
        place = head.find(b"content-length:")
        size = int(head[place + 15 : head.index(b"\r\n", place)]) if place > 0 else 0
        body = await reader.readexactly(size) if size else b""
    return status, answer, body
