"""Request bodies, in memory or in a temporary file."""

import errno
import io
import os
import tempfile

from config.server.protocol import BODY_IN_MEMORY

BUFFER_SIZE = 64 * 1024  # bytes
MAX_WITHOUT_FILE = 64 * 1024  # bytes of a form that is searched for files, which takes 0.1 ms


class Body:
    """A request body, in a temporary file if it is longer than BODY_IN_MEMORY."""

    def __init__(self):
        self.size, self._pieces, self._file = 0, [], None

    def write(self, piece):
        """Append a piece. Raises OSError if the disk is full."""
        self.size += len(piece)
        if self._file is None and self.size > BODY_IN_MEMORY:
            self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
            piece = b"".join([*self._pieces, piece])
            self._pieces.clear()
        if self._file is None:
            self._pieces.append(piece)
        elif self._file.write(piece) < len(piece):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def open(self):
        """Return a reader at the start of the body. It can be used after `close`."""
        if self._file is None:
            return io.BytesIO(b"".join(self._pieces))
        return io.BufferedReader(_FileReader(self._file.fileno()), BUFFER_SIZE)

    def may_contain_file(self):
        """Return whether this may be a form with a file. Browsers send a field without a file with an empty name."""
        if self.size > MAX_WITHOUT_FILE:
            return True
        text = self.open().read().lower()
        return text.count(b"filename") > text.count(b'filename=""\r\n')

    def clear(self):
        """Discard what has been written."""
        self.close()
        self.size, self._pieces, self._file = 0, [], None

    def close(self):
        if self._file is not None:
            self._file.close()


class _FileReader(io.RawIOBase):
    """A reader with its own position, because a request that was given up may still read the file."""

    def __init__(self, descriptor):
        self._descriptor, self._position = os.dup(descriptor), 0

    def readable(self):
        return True

    def readinto(self, buffer):
        data = os.pread(self._descriptor, len(buffer), self._position)
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)

    def close(self):
        if not self.closed:
            os.close(self._descriptor)
        super().close()
