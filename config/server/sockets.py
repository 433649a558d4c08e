"""Sockets that the servers listen on. Errors are raised before a server starts."""

import errno
import socket
from pathlib import Path

from django.core.management.base import CommandError

_ERRORS = {
    errno.EACCES: "{} cannot be used: you don't have permission.",
    errno.EADDRINUSE: "{} is already in use.",
    errno.EADDRNOTAVAIL: "{} cannot be used: this machine does not have this address.",
}


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on a TCP port. Raises CommandError."""
    if not host:
        raise CommandError("The host is empty. Use an address of this machine, such as 127.0.0.1.")
    if not 0 <= port < 65536:
        raise CommandError(f"{port} is not a port. Use a number from 1 to 65535.")
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return _listen(socket.socket(family, kind, protocol), address)
    except socket.gaierror as error:
        raise CommandError(f"{host} is not an address of this machine ({error.strerror}).") from error
    except OSError as error:
        raise _command_error(error, f"Port {port} of {host}") from error


def listen_unix(path: Path) -> socket.socket:
    """Return a socket that listens on `path`, and replace the socket of a server that was killed.

    All users who can open the folder can connect. Raises CommandError.
    """
    try:
        if path.exists() and not path.is_socket():
            raise CommandError(f"{path} is not a socket. Choose a path that does not exist.")
        if path.is_socket() and not _is_served(path):
            path.unlink()
        bound = _listen(socket.socket(socket.AF_UNIX), str(path))
        path.chmod(0o666)
        return bound
    except OSError as error:
        raise _command_error(error, str(path)) from error


def _listen(bound, address):
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(address)
        bound.listen()
    except BaseException:
        bound.close()
        raise
    bound.set_inheritable(True)
    return bound


def _is_served(path):
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
        except ConnectionRefusedError:
            return False
    return True


def _command_error(error, address):
    message = _ERRORS.get(error.errno, f"Cannot listen on {{}} ({error}).")
    return CommandError(message.format(address))
