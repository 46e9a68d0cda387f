"""The registry against the run directories, and making it anew from them."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from ...errors import OpsdashError, StoreError
from ...model import Run
from ...stores import SqliteStore
from ..reading import read_run
from ..syncing import BATCH, Registry
from .findings import Severity, Tell, Trouble, trouble
from .home import Home
from .processes import holders, named
from .rows import Rows, read_rows
from .run_dirs import RUNS, Walk

_SUFFIXES = ("", "-wal", "-shm", "-journal")
_ANEW = "`opsdash doctor --fix` moves it aside and makes it anew from the directories."
_FILLS = "`opsdash doctor --fix` reads them from their directories again."
_UNSOUND = {
    "corrupt": "The registry is damaged ({}).",
    "no_file": "{} stands where the registry should be.",
    "newer": "The registry has schema version {}, which a newer version wrote.",
}
_SHOWN = 3
"""Ids that a sentence names."""


class RegistryCheck:
    """What is wrong with the registry once the run directories are known.

    Args:
        home: the home.
        rows: the registry as it was found.
        walk: what the walk through the run directories has seen.
        tell: hears how far a filling has come.
    """

    def __init__(self, home: Home, rows: Rows, walk: Walk, tell: Tell) -> None:
        self._home = home
        self._rows = rows
        self._walk = walk
        self._tell = tell
        self._path = rows.path
        inside = self._path.is_relative_to(home.path)
        self._parts = self._path.relative_to(home.path).parts if inside else ()
        self._where = "/".join(self._parts) or str(self._path)

    def examine(self) -> Iterator[Trouble]:
        """What is wrong with it."""
        state = self._rows.state
        if state in _UNSOUND:
            yield self._unsound()
        elif state == "missing" and self._walk.ids:
            yield self._trouble(
                "registry",
                "The registry is not there.",
                "`opsdash doctor --fix` makes it anew; so does whatever opens it next.",
                self._fill,
            )
        elif state == "older":
            yield self._trouble(
                "registry",
                f"The registry has the older schema version {self._rows.detail}.",
                "`opsdash doctor --fix` brings it up to date; so does whatever opens "
                "it next.",
                self._fill,
                Severity.NOTE,
            )
        elif state == "locked":
            yield self._locked()
        elif state == "closed":
            yield self._trouble(
                "registry",
                f"The registry cannot be opened ({self._rows.detail}).",
                "Check its permissions and the disk's free space.",
                None,
                Severity.ERROR,
            )
        elif state == "network":
            yield self._trouble(
                "network",
                "The registry lies on a network file system and is not used.",
                "Set runs_db in opsdash.toml to a file on a local disk.",
                None,
            )
        elif state == "sound":
            yield from self._rows_troubles()

    def _unsound(self) -> Trouble:
        what = _UNSOUND[self._rows.state].format(self._rows.detail)
        step = _ANEW
        if self._rows.state == "newer":
            step = f"Update opsdash_widgets; {_ANEW}"
        return self._trouble(
            "registry", what[:1].upper() + what[1:], step, self._anew, Severity.ERROR
        )

    def _locked(self) -> Trouble:
        with self._folder() as fd:
            found = holders(fd, self._path.name, own=True)
        # Of a user's processes only root and the user see what they have open.
        sees_all = os.geteuid() == 0 or not self._home.is_shared
        if not found and sees_all:
            return self._trouble(
                "registry-locked",
                "The registry is locked, and nobody who lives has it open.",
                _ANEW,
                self._anew,
                Severity.ERROR,
            )
        return self._trouble(
            "registry-locked",
            f"The registry stayed locked; {named(found)} has it open.",
            "End what hangs, then run this again.",
            None,
            Severity.ERROR,
        )

    def _rows_troubles(self) -> Iterator[Trouble]:
        walk, rows = self._walk, self._rows
        if walk.unregistered:
            yield self._trouble(
                "row-missing",
                f"The registry does not know {_runs(walk.unregistered)}.",
                _FILLS,
                lambda: self._read_again(walk.unregistered),
            )
        if walk.contradicted:
            yield self._trouble(
                "row-wrong",
                f"What the registry says of {_runs(walk.contradicted)} is not so.",
                _FILLS,
                lambda: self._read_again(walk.contradicted),
                Severity.ERROR,
            )
        if walk.complete:
            alone = [name for name in self._known() if name not in walk.ids]
            alone = [name for name in alone if not self._is_elsewhere(name)]
            if alone:
                yield self._trouble(
                    "row-alone",
                    f"The registry alone knows of {_runs(alone)}: there is no "
                    "directory any more.",
                    "`opsdash doctor --fix` takes them out and keeps what it knew in "
                    "set-aside/; leave them for the list of runs to show them.",
                    lambda: self._forget(alone),
                    Severity.NOTE if not rows.damaged & set(alone) else Severity.ERROR,
                )

    def _known(self) -> list[str]:
        return sorted({*self._rows.rows, *self._rows.damaged})

    def _is_elsewhere(self, name: str) -> bool:
        """Whether a row is of another home that shares the registry, or just came."""
        row = self._rows.rows.get(name)
        return row is not None and bool(row.run_dir) and Path(row.run_dir).is_dir()

    def _read_again(self, names: Sequence[str]) -> str:
        runs = []
        for name in names:
            with contextlib.suppress(OpsdashError):
                runs.append(read_run(self._home.path.joinpath(*RUNS, name)))
        with self._opened() as store:
            for start in range(0, len(runs), BATCH):
                store.put(runs[start : start + BATCH])
        return f"{len(runs):,} of them were read again."

    def _forget(self, names: Sequence[str]) -> str:
        runs_dir = self._home.path.joinpath(*RUNS)
        gone = [name for name in names if not (runs_dir / name).is_dir()]
        with self._opened() as store:
            kept = [_row(store, name) for name in gone]
            said = self._home.write_aside("rows.jsonl", b"".join(kept))
            store.remove(gone)
        return f"{len(gone):,} of them were taken out. {said}"

    def _anew(self) -> str:
        """Move it aside, unless somebody else just did, and fill a new one."""
        said = ""
        with self._alone():
            if read_rows(self._path).state == self._rows.state:
                said = self._aside()
        return f"{said} {self._fill()}".strip()

    def _aside(self) -> str:
        said = ""
        for suffix in _SUFFIXES:
            with contextlib.suppress(FileNotFoundError):
                if self._parts:
                    *folders, name = self._parts
                    moved = self._home.set_aside(*folders, name + suffix)
                else:
                    moved = self._beside(suffix)
                said = said or moved
        return said

    def _beside(self, suffix: str) -> str:
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        name = f"{self._path.name}.set-aside-{stamp}"
        self._path.with_name(self._path.name + suffix).rename(
            self._path.with_name(name + suffix)
        )
        return f"It is called {name} now."

    def _fill(self) -> str:
        """Put every run into the registry; it is made where it is not there."""
        runs_dir = self._home.path.joinpath(*RUNS)
        names = sorted(self._walk.ids)
        count = 0
        with self._opened() as store:
            registry = Registry(store, runs_dir)
            for start in range(0, len(names), BATCH):
                self._tell("runs into the registry", start, len(names))
                found = list(_readable(runs_dir, names[start : start + BATCH]))
                registry.add(*found)
                count += len(found)
            self._tell("runs into the registry", len(names), len(names))
        return f"The registry holds {count:,} runs again."

    @contextlib.contextmanager
    def _opened(self) -> Iterator[SqliteStore]:
        try:
            store = SqliteStore(self._path)
        except sqlite3.Error as error:
            raise StoreError(
                f"The registry cannot be opened: {error}.", "Run this again."
            ) from error
        try:
            yield store
        finally:
            store.close()

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        """As ``stores.setting_aside``: one at a time; the lock is on the folder."""
        with self._folder() as fd:
            fcntl.flock(fd, fcntl.LOCK_EX)
            yield

    @contextlib.contextmanager
    def _folder(self) -> Iterator[int]:
        fd = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            yield fd
        finally:
            os.close(fd)

    def _trouble(
        self,
        kind: str,
        what: str,
        step: str,
        repair: Callable[[], str] | None,
        severity: Severity = Severity.WARNING,
    ) -> Trouble:
        return trouble(kind, self._where, what, step, severity=severity, repair=repair)


def _readable(runs_dir: Path, names: Sequence[str]) -> Iterator[Run]:
    for name in names:
        with contextlib.suppress(OpsdashError):
            yield read_run(runs_dir / name)


def _row(store: SqliteStore, name: str) -> bytes:
    try:
        run = store.get(name)
    except msgspec.MsgspecError:
        run = None
    return (msgspec.json.encode(run) if run else msgspec.json.encode(name)) + b"\n"


def _runs(names: Sequence[str]) -> str:
    """Some runs as a sentence names them."""
    shown = ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "")
    return f"{len(names):,} {'runs' if len(names) > 1 else 'run'} ({shown})"
