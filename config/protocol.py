"""HTTP as the server speaks it."""

import socket

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class PromptProtocol(HttpToolsProtocol):
    """uvicorn's own, that sends at once what there is to send.

    An answer goes out in several pieces, and the system keeps each back until the one before is acknowledged, which
    takes 40 ms. asyncio turns that off for sockets that say they are TCP; those that uvicorn's workers share do not.
    """

    def connection_made(self, transport):
        connection = transport.get_extra_info("socket")
        if connection is not None and connection.family in (socket.AF_INET, socket.AF_INET6):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)
