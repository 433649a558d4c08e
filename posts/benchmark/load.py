"""HTTP requests over persistent connections. Each is sent as soon as the server responds to the previous one."""

import asyncio
import time
from dataclasses import dataclass, field


@dataclass
class Load:
    """Totals of one or more runs: duration, CPU time of the servers and latency of each response.

    The fields are in seconds. `refused` is the number of responses with an unexpected status.
    """

    seconds: float = 0
    cpu: float = 0
    latencies: list = field(default_factory=list)
    refused: int = 0

    def __add__(self, other):
        return Load(
            self.seconds + other.seconds,
            self.cpu + other.cpu,
            self.latencies + other.latencies,
            self.refused + other.refused,
        )

    @property
    def rate(self):
        """Responses per second."""
        return len(self.latencies) / self.seconds

    @property
    def cpu_ms(self):
        """CPU time per response, in milliseconds."""
        return self.cpu * 1000 / len(self.latencies)

    def latency_ms(self, share):
        """Return a percentile of the latency in milliseconds. `share` is between 0 and 1."""
        return sorted(self.latencies)[int((len(self.latencies) - 1) * share)] * 1000


async def send_requests(servers, sources, seconds, expected=200):
    """Send requests for `seconds` and return the Load.

    Each of `sources` is a function that returns the bytes of the next request, and has its own connection. The
    connections are distributed evenly among `servers`.
    """
    ports = [servers[number % len(servers)].port for number in range(len(sources))]
    connections = [await asyncio.open_connection("127.0.0.1", port) for port in ports]
    cpu, start = sum(server.cpu() for server in servers), time.perf_counter()
    runs = [
        _send_in_turn(connection, source, start + seconds, expected)
        for connection, source in zip(connections, sources, strict=True)
    ]
    results = await asyncio.gather(*runs)
    elapsed = time.perf_counter() - start
    cpu = sum(server.cpu() for server in servers) - cpu
    latencies = [latency for latencies, _refused in results for latency in latencies]
    return Load(elapsed, cpu, latencies, sum(refused for _latencies, refused in results))


async def _send_in_turn(connection, source, end, expected):
    reader, writer = connection
    latencies, refused = [], 0
    try:
        while (start := time.perf_counter()) < end:
            writer.write(source())
            refused += await _read_status(reader) != expected
            latencies.append(time.perf_counter() - start)
    finally:
        writer.close()
    return latencies, refused


async def _read_status(reader):
    """Read a response and return its status."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if b"transfer-encoding: chunked" in head:
        while size := int((await reader.readline()).strip(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    elif b"content-length:" in head:
        await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
    return int(head[9:12])
