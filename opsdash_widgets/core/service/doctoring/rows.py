"""The registry as it is found: sound or not, and what it says of each run."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import msgspec

from ...model import Run, RunSpec
from ...stores.network import network_type
from ...stores.schema import migrations
from .home import word_of

BUSY_S = 5.0
"""How long a registry may be locked before that is worth a word."""

_WHOLE = (
    "SELECT runs.run_id, records.record FROM runs"
    " LEFT JOIN records ON records.id = runs.id"
)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_CLOSED = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY)


class Row(NamedTuple):
    """What the registry says of a run, as far as its directory can contradict it.

    Attributes:
        run_dir: where it says that the directory is.
        module: its module.
        ended: it says that the run has.
        end: outcome, exit code and signal.
    """

    run_dir: str
    module: str
    ended: bool
    end: tuple[str, int | None, int | None]


class Rows(msgspec.Struct, kw_only=True):
    """The registry as a whole.

    Attributes:
        path: its file.
        state: ``sound``, ``missing``, ``corrupt``, ``no_file``, ``newer``, ``older``,
            ``locked``, ``closed`` (it cannot be opened) or ``network`` (not used).
        detail: what SQLite or the kernel said of it.
        rows: run id -> what it says; those that can be read.
        damaged: the ids of rows that cannot be read.
    """

    path: Path
    state: str
    detail: str = ""
    rows: dict[str, Row] = {}
    damaged: set[str] = set()

    @property
    def is_filled(self) -> bool:
        """Whether its rows were read."""
        return self.state == "sound"


def read_rows(path: Path) -> Rows:
    """Look at the registry; nothing in it is changed, and nothing is made."""
    try:
        seen = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return Rows(path=path, state="missing")
    except OSError as error:
        return Rows(path=path, state="closed", detail=error.strerror or "")
    if network_type(path):
        return Rows(path=path, state="network")
    if not stat.S_ISREG(seen.st_mode):
        return Rows(path=path, state="no_file", detail=word_of(seen.st_mode))
    try:
        return _read(path)
    except sqlite3.Error as error:
        return Rows(path=path, state=_state(error), detail=str(error))


def spec_of(path: Path, run_id: str) -> RunSpec | None:
    """A run's request as the registry holds it, if it does."""
    sql = f"{_WHOLE} WHERE runs.run_id = ?"
    try:
        connection = _connect(path)
        try:
            found = connection.execute(sql, (run_id,)).fetchone()
        finally:
            connection.close()
        run = msgspec.json.decode(found[1], type=Run) if found else None
    except (sqlite3.Error, msgspec.MsgspecError, TypeError):
        return None
    return run.spec if run is not None and run.spec.run_id == run_id else None


def _read(path: Path) -> Rows:
    connection = _connect(path)
    try:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        newest = migrations()[-1][0]
        if version != newest:
            state = "newer" if version > newest else "older"
            return Rows(path=path, state=state, detail=f"{version}")
        said = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if said != "ok":
            return Rows(path=path, state="corrupt", detail=str(said))
        connection.execute("BEGIN IMMEDIATE")  # can somebody write?
        connection.execute("ROLLBACK")
        found = Rows(path=path, state="sound", rows={}, damaged=set())
        for run_id, record in connection.execute(_WHOLE):
            _take(found, run_id, record)
        return found
    finally:
        connection.close()


def _take(found: Rows, run_id: object, record: object) -> None:
    if not isinstance(run_id, str) or not isinstance(record, bytes):
        found.state, found.detail = "corrupt", "a row has lost its record"
        return
    try:
        run = msgspec.json.decode(record, type=Run)
    except msgspec.MsgspecError:
        found.damaged.add(run_id)
        return
    verdict = run.verdict
    found.rows[run_id] = Row(
        run_dir=run.run_dir,
        module=run.spec.module,
        ended=verdict.outcome is not None,
        end=(str(verdict.outcome), verdict.exit_code, verdict.signal),
    )


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        f"file:{quote(str(path))}?mode=rw",
        uri=True,
        timeout=BUSY_S,
        isolation_level=None,
    )


def _state(error: sqlite3.Error) -> str:
    code = int(getattr(error, "sqlite_errorcode", 0)) & 0xFF
    if code in _BUSY:
        return "locked"
    # A table that is not there is as bad as a page that is not.
    return "closed" if code in _CLOSED else "corrupt"
