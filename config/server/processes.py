"""Child processes of the server, which serve requests, and the worker, which sends emails and runs jobs."""

import atexit
import logging
import os
import signal
import subprocess
import sys
import threading
import time

from django.conf import settings

CHECK_SECONDS = 0.2  # between two checks of the parent or child
STOP_SECONDS = 1  # for open requests after the parent has ended
MAX_PAUSE = 60  # seconds before the worker starts again

logger = logging.getLogger(__name__)


class WorkerThread(threading.Thread):
    """Runs `manage.py worker` in a child process, and starts it again with increasing pauses when it ends.

    Stops the child when the event `stopping` is set or this process exits. If this process is killed, the child ends
    itself.
    """

    def __init__(self, stopping: threading.Event):
        super().__init__(name="worker", daemon=True)
        self.stopping = stopping
        atexit.register(self.stop)

    def run(self):
        # In a session of its own, because Ctrl-C in a terminal signals all processes of a session.
        arguments = [sys.executable, settings.BASE_DIR / "manage.py", "worker", "--parent", str(os.getpid())]
        pause = 1
        while not self.stopping.is_set():
            started_at = time.monotonic()
            with subprocess.Popen(arguments, start_new_session=True) as child:  # noqa: S603
                while child.poll() is None and not self.stopping.wait(CHECK_SECONDS):
                    pass
                if child.returncode is None:
                    child.terminate()
                    return
            pause = 1 if time.monotonic() - started_at > MAX_PAUSE else min(2 * pause, MAX_PAUSE)
            logger.error("The worker ended with status %d. It starts again in %d s.", child.returncode, pause)
            self.stopping.wait(pause)

    def stop(self):
        self.stopping.set()
        self.join()


def end_with_parent(parent: int) -> None:
    """End this process if the process with the id `parent`, which started it, is killed.

    The process receives SIGTERM, and it is killed if it is still running after STOP_SECONDS. Call it in the child, with
    the id that the parent passed to it: `os.getppid` returns another id if the parent has already ended.
    """
    threading.Thread(target=_watch, args=(parent,), name="parent", daemon=True).start()


def _watch(parent):
    while os.getppid() == parent:
        time.sleep(CHECK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(STOP_SECONDS)
    os._exit(1)
