"""Requests over kept connections, as many as a server answers, from a client that does nothing else."""

import asyncio
import time
from dataclasses import dataclass

CONNECTIONS = 8


@dataclass(frozen=True)
class Load:
    """What a server did: answers a second, milliseconds of its CPU for each, and how many were not as wanted."""

    rate: float
    cpu: float
    answers: int
    bad: int


async def drive(server, requests, seconds, wanted=(200,)):
    """Send requests for so many seconds; return the Load.

    `requests` has a list for each connection: bytes, sent in turn, or one function of the turn's number.
    """
    until = time.perf_counter() + seconds
    used, began = server.cpu(), time.perf_counter()
    results = await asyncio.gather(*(_one(server.port, own, until, wanted) for own in requests))
    took, cpu = time.perf_counter() - began, server.cpu() - used
    answers, bad = (sum(result[place] for result in results) for place in (0, 1))
    return Load(answers / took, cpu * 1000 / max(answers, 1), answers, bad)


async def ask(port, request):
    """Return (status, head, body) of one request."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    try:
        return await _answer(reader)
    finally:
        writer.close()


async def _one(port, requests, until, wanted):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
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
