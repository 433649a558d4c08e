"""Addresses of clients."""

from ipaddress import ip_address, ip_network

from django.conf import settings

LOCAL = "127.0.0.1"  # address of clients that connect to a Unix socket


def peer_address(client: tuple[str, int] | None) -> str:
    """Return the address of the other end of a connection. `client` is the one of its ASGI scope."""
    return parse_address(client[0]) if client else LOCAL


def is_proxy(peer: str) -> bool:
    """Return whether `peer` is the address of the proxy that BEHIND_TLS_PROXY declares."""
    return settings.BEHIND_TLS_PROXY and peer in (LOCAL, "::1")


def client_address(peer: str, forwarded_for: str) -> str:
    """Return the address of the client of a request: `peer`, or the one from which the declared proxy received it.

    `forwarded_for` is the value of X-Forwarded-For. The proxy adds the last address; a client can forge all others.
    """
    last = forwarded_for.rpartition(",")[2].strip()
    return parse_address(last) or peer if is_proxy(peer) else peer


def parse_address(text: str) -> str:
    """Return an IP address in its standard form, or "" if it is not valid."""
    try:
        address = ip_address(text.partition("%")[0])  # without the network interface of a link-local address
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)


def network(address: str) -> str:
    """Return an IPv4 address unchanged, and the /64 network of an IPv6 address, "" if it is not valid.

    Internet providers assign at least a /64 network to each customer.
    """
    address = parse_address(address)
    return str(ip_network((address, 64), strict=False)) if ":" in address else address
