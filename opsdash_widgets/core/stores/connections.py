"""Two connections to one SQLite file, safe for threads, patient with other writers."""

from __future__ import annotations

import contextlib
import os
import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

from ..errors import StoreError
from .schema import (
    forget_text_search,
    is_about_text_search,
    migrate,
    migrations,
    prepare_text_search,
    refuse_newer,
    schema_version,
    text_search_is_ready,
)
from .setting_aside import set_aside

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

PATIENCE_S = 10.0
"""How long a transaction waits for other processes before it gives up."""

WAL_LIMIT = 16 * 1024 * 1024
"""Bytes of write-ahead log above which it is written back and cut."""

_WAL_CHECK_EVERY = 64  # writes between two looks at the log's size
_LONGEST_PAUSE_S = 0.05
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_CORRUPT = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class Database:
    """A registry file: one connection that reads, one that writes.

    Readers never wait for writers (WAL), so each connection has a lock of its own. A
    file that was deleted, replaced or found corrupt is opened anew, and ``tell`` hears
    of it.

    Args:
        path: the file, or ``None`` for a database in memory.
        patience_s: seconds that a transaction waits for other processes.
        tell: gets a sentence when the file had to be replaced.

    Attributes:
        full_text: whether this SQLite has FTS5.
    """

    def __init__(
        self, path: Path | None, patience_s: float, tell: Callable[[str], None]
    ) -> None:
        self.full_text = False
        self._tell = tell
        self._path = path
        self._patience_s = patience_s
        self._version_base = self._last_version = self._writes = 0
        self._make_locks()
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            if path is None or _primary_code(error) not in _CORRUPT:
                raise
            tell(set_aside(path))
            self._open()

    def read(self, work: Work[T]) -> T:
        """Run ``work`` on one snapshot and hand on what it returns."""
        return self._guarded(lambda: self._in_turn(self._read_lock, "BEGIN", work))

    def write(self, work: Work[T]) -> T:
        """Run ``work`` in one write transaction; it may be run more than once."""
        result = self._guarded(
            lambda: self._in_turn(self._write_lock, "BEGIN IMMEDIATE", work)
        )
        self._writes += 1
        if self._writes % _WAL_CHECK_EVERY == 0:
            self._cut_log()
        return result

    def version(self) -> int:
        """A number that changes with every commit of any process."""
        return self._guarded(self._read_version)

    def snapshot_version(self, connection: sqlite3.Connection) -> int:
        """``version()`` of what a ``read`` in progress sees."""
        row = connection.execute("PRAGMA data_version").fetchone()
        return self._version_base + int(row[0])

    def close(self) -> None:
        """Close both connections; the last one to close writes the log back."""
        with self._write_lock, self._read_lock:
            self._reader.close()
            self._writer.close()

    def _make_locks(self) -> None:
        self._owner = os.getpid()
        self._write_lock = threading.RLock()
        # In memory there is one connection, hence one lock.
        self._read_lock = self._write_lock if self._path is None else threading.RLock()

    def _open(self) -> None:
        self._writer = connect(self._path)
        self._reader = self._writer
        try:
            self._patiently(lambda: self._prepare(self._writer))
            if self._path is not None:
                self._reader = connect(self._path)
        except BaseException:
            self._writer.close()
            raise
        self._identity = self._file_identity()

    def _prepare(self, connection: sqlite3.Connection) -> None:
        steps = migrations()
        refuse_newer(connection, steps)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA journal_size_limit = {WAL_LIMIT}")
        # A look first: opening a registry that is up to date waits for no writer.
        is_newest = schema_version(connection) == steps[-1][0]
        if is_newest and text_search_is_ready(connection):
            self.full_text = True
            return
        with _transaction(connection, "BEGIN IMMEDIATE"):
            migrate(connection, steps)
            self.full_text = prepare_text_search(connection)

    def _guarded(self, action: Callable[[], T]) -> T:
        """Run an action; mend the file once where it proves corrupt."""
        try:
            self._follow_file()
            try:
                return action()
            except sqlite3.DatabaseError as error:
                if not self._mend(error):
                    raise
                return action()
        except (sqlite3.Error, OSError) as error:
            raise StoreError(*_sentences(self._path, error)) from error

    def _in_turn(
        self, lock: AbstractContextManager[bool], begin: str, work: Work[T]
    ) -> T:
        with lock:
            connection = self._reader if begin == "BEGIN" else self._writer

            def attempt() -> T:
                with _transaction(connection, begin):
                    return work(connection)

            result = self._patiently(attempt)
            if self._path is None and begin != "BEGIN":
                self._version_base += 1  # data_version counts other connections only
            return result

    def _patiently(self, action: Callable[[], T]) -> T:
        """Repeat an action until other writers let it through."""
        deadline = time.monotonic() + self._patience_s
        pause = 0.001
        while True:
            try:
                return action()
            except sqlite3.OperationalError as error:
                if _primary_code(error) not in _BUSY or time.monotonic() > deadline:
                    raise
            # A random pause: writers that met once do not meet again.
            time.sleep(random.uniform(0, pause))  # noqa: S311 - not a secret
            pause = min(pause * 2, _LONGEST_PAUSE_S)

    def _read_version(self) -> int:
        with self._read_lock:
            self._last_version = self.snapshot_version(self._reader)
            return self._last_version

    def _follow_file(self) -> None:
        """Open the file anew after a fork, or where the path is another file now."""
        if os.getpid() != self._owner:
            # SQLite's connections must not cross a fork; the parent closes its own.
            self._make_locks()
            self._inherited = (self._reader, self._writer)
            self._reopen()
        elif self._path is not None and self._file_identity() != self._identity:
            with self._write_lock, self._read_lock:
                if self._file_identity() != self._identity:
                    self._tell(
                        f"The registry {self._path} was deleted or replaced while it "
                        "was in use; it is filled again from the run directories."
                    )
                    self._close_quietly()
                    self._reopen()

    def _reopen(self) -> None:
        self._version_base = self._last_version + 1
        self._open()

    def _close_quietly(self) -> None:
        for connection in (self._reader, self._writer):
            with contextlib.suppress(sqlite3.Error):
                connection.close()

    def _mend(self, error: sqlite3.DatabaseError) -> bool:
        """Whether what is corrupt was replaced, so that the action can be repeated."""
        text = is_about_text_search(error)
        if self._path is None or not (text or _primary_code(error) in _CORRUPT):
            return False
        with self._write_lock, self._read_lock:
            if text:
                self._patiently(lambda: self._renew_text_search())
                return True
            self._close_quietly()
            self._tell(set_aside(self._path))
            self._reopen()
        return True

    def _renew_text_search(self) -> None:
        with _transaction(self._writer, "BEGIN IMMEDIATE"):
            forget_text_search(self._writer)
        with _transaction(self._writer, "BEGIN IMMEDIATE"):
            self.full_text = prepare_text_search(self._writer)

    def _file_identity(self) -> tuple[int, int] | None:
        if self._path is None:
            return None
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_dev, status.st_ino

    def _cut_log(self) -> None:
        """Write the log back where it has grown; readers may make it wait."""
        if self._path is None:
            return
        log = self._path.with_name(self._path.name + "-wal")
        with self._write_lock, contextlib.suppress(OSError, sqlite3.Error):
            if log.stat().st_size > WAL_LIMIT:
                self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def connect(path: Path | None) -> sqlite3.Connection:
    """A connection without Python's own transactions; the file gets mode 0600."""
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            # SQLite gives its -wal and -shm files the mode of the database.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        except FileExistsError:
            # Never open and close it here: that would drop the locks which SQLite
            # holds on it for the other connections of this process (POSIX locks).
            path.chmod(0o600)
    return sqlite3.connect(
        ":memory:" if path is None else path,
        timeout=0,
        isolation_level=None,
        check_same_thread=False,
    )


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _primary_code(error: sqlite3.Error) -> int:
    """SQLite's result code without its extension; 0 where there is none."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _sentences(path: Path | None, error: Exception) -> tuple[str, str]:
    """What happened and what to do."""
    name = path or "in memory"
    if isinstance(error, sqlite3.Error) and _primary_code(error) in _BUSY:
        return (
            f"The registry {name} stayed locked by another process.",
            "Try again; if it lasts, close the program that keeps it open.",
        )
    return (
        f"The registry {name} cannot be used: {error}.",
        "Check the file's permissions and the disk's free space.",
    )
