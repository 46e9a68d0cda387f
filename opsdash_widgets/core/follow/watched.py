"""A file by its name in a run directory, which may appear, change and vanish."""

from __future__ import annotations

import os
from pathlib import Path

from .opening import Refused, open_file, open_folder

_FINGERPRINT = 64
"""Bytes before the end that was read; another text there means another file, unless it
is NULs: then it was cut out."""


class WatchedFile:
    """Keeps a descriptor of the file that the name stands for now.

    Attributes:
        fd: its descriptor, or -1.
        folder: the run directory's descriptor, or -1.
        length: its length when it was last looked at.
        is_sparse: whether it takes less of the disk than its length: then something may
            have been cut out of it.
        notice: one sentence when something is wrong with it, or empty.
        generation: grows whenever bytes read before are not the file's any more.
    """

    def __init__(self, run_dir: Path, name: str) -> None:
        self.fd = self.folder = -1
        self.length = 0
        self.is_sparse = False
        self.notice = ""
        self.generation = 0
        self._run_dir = run_dir
        self._name = name
        self._identity = (-1, -1)
        self._fingerprint = b""

    def look(self, read: int) -> bool:
        """Look at the name and the file again; whether there is something to read.

        Args:
            read: how many bytes were read so far.
        """
        generation = self.generation
        try:
            self._open_current()
        except FileNotFoundError:
            if self.fd < 0:
                return False
            self.notice = "The log file was deleted; this is what was read before."
        except Refused as refusal:
            self._start_over(str(refusal))
            return False
        read = read if generation == self.generation else 0
        self.length = os.fstat(self.fd).st_size
        if self.length < read:
            self._start_over("The log file was cut; it is shown from its new start.")
        elif self.length > read and not self._is_continued(read):
            self._start_over("The log file was rewritten; it is shown from its start.")
        info = os.fstat(self.fd)
        self.length = info.st_size
        self.is_sparse = info.st_blocks * 512 < info.st_size
        return True

    def note_read(self, read: int) -> None:
        """Remember what stands before the end of what was read."""
        start = max(0, read - _FINGERPRINT)
        self._fingerprint = os.pread(self.fd, read - start, start)

    def close(self) -> None:
        """Release the file and the folder."""
        for descriptor in (self.fd, self.folder):
            if descriptor >= 0:
                os.close(descriptor)
        self.fd = self.folder = -1
        self._identity = (-1, -1)

    def _open_current(self) -> None:
        if self.folder < 0:
            self.folder = open_folder(self._run_dir)
        info = os.stat(self._name, dir_fd=self.folder, follow_symlinks=False)
        if (info.st_dev, info.st_ino) == self._identity:
            return
        descriptor = open_file(self.folder, self._name)
        replaced = self.fd >= 0
        if replaced:
            os.close(self.fd)
        info = os.fstat(descriptor)
        self.fd, self._identity = descriptor, (info.st_dev, info.st_ino)
        self.notice = ""
        if replaced:
            self._start_over("The log file was replaced; the new one is shown.")

    def _is_continued(self, read: int) -> bool:
        start, known = max(0, read - _FINGERPRINT), self._fingerprint
        found = os.pread(self.fd, read - start, start)
        return found == known or (
            len(found) == len(known)
            and all(now in (0, then) for now, then in zip(found, known, strict=True))
        )

    def _start_over(self, notice: str) -> None:
        if notice != self.notice or self._fingerprint:
            self.generation += 1
        self.notice = notice
        self.length = 0
        self._fingerprint = b""
