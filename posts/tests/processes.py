"""Processes of a server, for tests."""

from pathlib import Path


def descendants(pid):
    """Return the ids of the running processes that the process `pid` has started, also indirectly."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += [int(child), *descendants(child)]
    return found


def command_of(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def worker_processes(server):
    """Return the ids of the processes of `manage.py worker` that a server has started."""
    return [pid for pid in descendants(server.process.pid) if b"--parent" in command_of(pid)]
