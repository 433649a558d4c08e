"""HTTP protocol of the server."""

import socket

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class NoDelayProtocol(HttpToolsProtocol):
    """uvicorn's protocol with TCP_NODELAY.

    uvicorn writes a response in several parts. Without the option, the kernel waits up to 40 ms for an acknowledgement
    between them. asyncio sets the option itself, but not for the sockets that uvicorn's workers share, because these
    do not specify TCP as their protocol.
    """

    def connection_made(self, transport):
        connection = transport.get_extra_info("socket")
        if connection is not None and connection.family in (socket.AF_INET, socket.AF_INET6):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().connection_made(transport)
