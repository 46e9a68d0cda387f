"""What is wrong with the run directories, one after the other."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec

from ...model import RunSpec, RunState, Verdict
from ...ports import Executor
from ...rundir import files, judge, locks, processes, read_verdict
from ...rundir.create import RUN_ID
from ...rundir.facts import ChildRecord, ExitRecord, Facts
from . import run_repairs
from .findings import SETS_ASIDE, Counts, Severity, Tell, Trouble, trouble
from .home import Home, is_settled, listed, lstat
from .layout import (
    TEMPORARY,
    access_troubles,
    file_troubles,
    leftover,
    not_a_file,
    stray,
    unreadable,
)
from .processes import holders, may_have_tree, named, tree_of, until
from .rows import Row, Rows

RUNS = ("logs", "runs")

OURS = re.compile(
    r"spec\.json|lock|job\.lock|child\.json|exit\.(?:slot|json|note)|tree\.json"
    r"|output\.(?:log|idx|fpos|holes)|events\.jsonl|state\.json|resources\.bin"
    r"|control\.(?:json|lock)|ladder\.jsonl|pauses\.jsonl|supervisor\.log"
)
"""The files of a run directory; whatever else is in it is the job's own business."""

_UNFINISHED = re.compile(rf"\.{RUN_ID.pattern}\.new")
_SCHEMA = "run/1"
_TOLD_EVERY = 200
_SIGNING_S = 1.0
"""How long a new owner of a lock may take to sign it."""


class Walk(msgspec.Struct, kw_only=True):
    """What a walk has seen, for the checks that follow it.

    Attributes:
        counts: what was looked at.
        complete: every run directory was.
        ids: the names of the run directories.
        unregistered: the ids of those without a row.
        contradicted: the ids of those whose row says something else.
        groups: group id -> the ids of its runs.
        waiting: group id -> those of them that wait.
    """

    counts: Counts
    complete: bool = False
    ids: set[str] = set()
    unregistered: list[str] = []
    contradicted: list[str] = []
    groups: dict[str, list[str]] = {}
    waiting: dict[str, list[str]] = {}


class RunDirs:
    """Looks at all run directories of a home.

    Args:
        home: the home.
        rows: the registry as it was found.
        executor: what gives an orphan a new supervisor.
        cgroups: run id -> the paths of its cgroups.
        counts: is filled while the walk goes on.
        tell: hears how far it has come.
    """

    def __init__(
        self,
        home: Home,
        rows: Rows,
        executor: Executor,
        cgroups: Mapping[str, list[str]],
        counts: Counts,
        tell: Tell,
    ) -> None:
        self._home = home
        self._rows = rows
        self._executor = executor
        self._cgroups = cgroups
        self._tell = tell
        self.walk = Walk(counts=counts)

    def examine(self) -> Iterator[Trouble]:
        """What is wrong with them, while it is looked at."""
        walk = self.walk
        try:
            with self._home.folder(*RUNS) as fd:
                names = listed(fd)
        except FileNotFoundError:
            walk.complete = True
            return
        except OSError as error:  # a link is told of where it stands
            if not isinstance(error, NotADirectoryError):
                yield unreadable("/".join(RUNS), error)
            return
        for number, name in enumerate(names):
            if number % _TOLD_EVERY == 0:
                self._tell("run directories", number, len(names))
            with contextlib.suppress(FileNotFoundError):
                yield from self._entry(name)
        self._tell("run directories", len(names), len(names))
        walk.complete = True

    def _entry(self, name: str) -> Iterator[Trouble]:
        parts = (*RUNS, name)
        with self._home.folder(*RUNS) as fd:
            seen = lstat(fd, name)
        if seen is None:
            return
        is_folder = stat.S_ISDIR(seen.st_mode)
        if is_folder and RUN_ID.fullmatch(name):
            self.walk.counts.runs += 1
            self.walk.ids.add(name)
            yield from self._run(name, seen)
        elif is_folder and _UNFINISHED.fullmatch(name):
            yield from self._unfinished(parts, seen)
        elif TEMPORARY.fullmatch(name) and not is_folder:
            if is_settled(seen):
                yield leftover(self._home, parts)
        else:
            yield stray(self._home, parts, seen, Severity.WARNING)

    def _unfinished(
        self, parts: tuple[str, ...], seen: os.stat_result
    ) -> Iterator[Trouble]:
        with self._home.folder(*parts) as fd:
            if not is_settled(seen) or locks.is_held(fd, "lock"):
                return
        yield trouble(
            "unfinished",
            "/".join(parts),
            "A run directory was left half made; whoever launched it has died, and "
            "nothing was started.",
            SETS_ASIDE,
            repair=lambda: self._home.set_aside(*parts),
        )

    def _run(self, name: str, seen: os.stat_result) -> Iterator[Trouble]:
        parts = (*RUNS, name)
        if seen.st_uid != self._home.owner and self._home.is_shared:
            return  # somebody else's run in a home that is shared
        yield from access_troubles(self._home, parts, seen)
        try:
            with self._home.folder(*parts) as fd:
                if os.fstat(fd).st_uid != self._home.owner:
                    return  # somebody else's, until it is given back
                yield from self._files(name, fd)
                yield from self._content(name, fd, seen)
        except FileNotFoundError:
            return
        except OSError as error:
            yield unreadable("/".join(parts), error)

    def _files(self, name: str, fd: int) -> Iterator[Trouble]:
        """Kinds, owners and modes of its files; whatever they hold."""
        for each in listed(fd):
            known = OURS.fullmatch(each) is not None
            if not known and not TEMPORARY.fullmatch(each):
                continue
            seen = lstat(fd, each)
            parts = (*RUNS, name, each)
            if seen is None:
                continue
            if not known:
                if is_settled(seen) and stat.S_ISREG(seen.st_mode):
                    yield leftover(self._home, parts)
            elif stat.S_ISREG(seen.st_mode):
                yield from file_troubles(self._home, parts, seen)
            elif each not in ("spec.json", "exit.json"):  # told of by what they lack
                repair = None
                if not run_repairs.is_live(fd):
                    repair = _aside(self._home, parts)
                yield not_a_file(parts, seen, repair)

    def _content(self, name: str, fd: int, seen: os.stat_result) -> Iterator[Trouble]:
        data = files.read_bytes(fd, "spec.json", files.REQUEST)
        spec = files.decode(data or b"", RunSpec)
        if spec is None or spec.run_id != name:
            yield from self._without_spec(name, fd, seen, data, spec)
            return
        if spec.group:
            self.walk.groups.setdefault(spec.group, []).append(name)
        end = files.read_bytes(fd, "exit.json")
        record = files.decode(end or b"", ExitRecord)
        if record is None and files.exists(fd, "exit.json"):
            yield self._damaged_end(name, fd)
            return
        if record is not None:
            yield from self._ended(name, fd, spec, record, seen)
        else:
            yield from self._going_on(name, fd, spec, seen)

    def _without_spec(
        self,
        name: str,
        fd: int,
        seen: os.stat_result,
        data: bytes | None,
        other: RunSpec | None,
    ) -> Iterator[Trouble]:
        where = "/".join((*RUNS, name))
        if data is None and not files.exists(fd, "spec.json") and not is_settled(seen):
            return  # being deleted
        if other is not None:
            yield self._of_another(name, fd, where, other)
        elif _is_newer(data):
            yield trouble(
                "newer",
                f"{where}/spec.json",
                "It was written by a newer version of opsdash_widgets.",
                "Update opsdash_widgets.",
            )
        else:
            lacks = (
                "It has no spec.json" if data is None else "Its spec.json is damaged"
            )
            yield trouble(
                "spec",
                where,
                f"{lacks}, so nobody can read from it what was run.",
                "`opsdash doctor --fix` takes its request from the registry where that "
                "has it, and moves the folder to set-aside/ otherwise.",
                severity=Severity.ERROR,
                repair=lambda: run_repairs.restore_spec(self._home, name, self._rows),
            )

    def _of_another(self, name: str, fd: int, where: str, other: RunSpec) -> Trouble:
        held = locks.is_held(fd, "lock") or locks.is_held(fd, "job.lock")
        return trouble(
            "other-run",
            where,
            f"It is called {name}, and holds the run {other.run_id}.",
            "Wait until the run has ended, then run this again."
            if held
            else "`opsdash doctor --fix` gives it its name back where that is free, "
            "and moves it to set-aside/ otherwise.",
            severity=Severity.ERROR,
            repair=None
            if held
            else lambda: run_repairs.rename_back(self._home, name, other.run_id),
        )

    def _damaged_end(self, name: str, fd: int) -> Trouble:
        live = run_repairs.is_live(fd)
        return trouble(
            "exit",
            "/".join((*RUNS, name, "exit.json")),
            "The exit record is damaged, so nobody can read from it how the run ended.",
            "Its supervisor lives and writes it anew when the run ends."
            if live
            else "`opsdash doctor --fix` moves it to set-aside/; the end is then what "
            "the other files tell.",
            severity=Severity.ERROR,
            repair=None
            if live
            else lambda: run_repairs.set_end_aside(self._home, name),
        )

    def _ended(
        self,
        name: str,
        fd: int,
        spec: RunSpec,
        record: ExitRecord,
        seen: os.stat_result,
    ) -> Iterator[Trouble]:
        self._compare(name, spec, seen, lambda: judge(Facts(exit=record)))
        groups = self._cgroups.get(name, [])
        if not may_have_tree(fd, groups) or locks.is_held(fd, "lock"):
            return
        found = tree_of(fd, groups)
        if found:
            yield trouble(
                "left-running",
                "/".join((*RUNS, name)),
                f"The run has ended, but of its processes there still "
                f"{'is' if len(found) == 1 else 'are'} {named(found)}.",
                "`opsdash doctor --fix` ends what it has left running.",
                repair=lambda: run_repairs.end_left_running(self._home, name, groups),
            )

    def _going_on(
        self, name: str, fd: int, spec: RunSpec, seen: os.stat_result
    ) -> Iterator[Trouble]:
        path = self._home.path.joinpath(*RUNS, name)
        verdict = read_verdict(path)
        self._compare(name, spec, seen, lambda: verdict)
        if verdict.state is RunState.QUEUED and spec.group:
            self.walk.waiting.setdefault(spec.group, []).append(name)
        if not verdict.state.is_terminal:
            self.walk.counts.live += 1
        if verdict.state is RunState.ORPHANED:
            yield trouble(
                "orphan",
                "/".join((*RUNS, name)),
                "The run goes on without its supervisor, so nobody would record its "
                "end.",
                "`opsdash doctor --fix` gives it a new one.",
                repair=lambda: run_repairs.adopt(self._executor, path, spec),
            )
        elif not verdict.state.is_terminal and _is_misleading(fd):
            found = holders(fd, "lock")
            yield trouble(
                "lock",
                "/".join((*RUNS, name, "lock")),
                f"Its supervisor is gone, but {named(found)} holds its lock, so the "
                "run looks as if it went on.",
                "End that process, then run this again.",
            )

    def _compare(
        self,
        name: str,
        spec: RunSpec,
        seen: os.stat_result,
        verdict: Callable[[], Verdict],
    ) -> None:
        """Hold the registry's row against the directory; a run's life is no quarrel."""
        if not self._rows.is_filled:
            return
        row = self._rows.rows.get(name)
        if row is None and name not in self._rows.damaged:
            if is_settled(seen):
                self.walk.unregistered.append(name)
        elif row is None or _contradicts(row, spec, self._home.path, verdict):
            self.walk.contradicted.append(name)


def _contradicts(
    row: Row, spec: RunSpec, home: Path, verdict: Callable[[], Verdict]
) -> bool:
    """Whether a row says of a run what its directory denies.

    A row of a run that goes on is behind until somebody looks, and no exit record is
    no word against one that was read earlier.
    """
    here = str(home.joinpath(*RUNS, spec.run_id))
    if row.run_dir != here and not Path(row.run_dir).is_dir():
        return True
    if row.module != spec.module:
        return True
    if not row.ended:
        return False
    now = verdict()
    if now.outcome is None or not now.rule or now.rule.startswith("lost"):
        return False
    return row.end != (str(now.outcome), now.exit_code, now.signal)


def _is_misleading(fd: int) -> bool:
    """Whether somebody holds a lock that another has signed who is gone."""
    return _signer_is_gone(fd) and not until(
        lambda: not _signer_is_gone(fd), _SIGNING_S
    )


def _signer_is_gone(fd: int) -> bool:
    if not locks.is_held(fd, "lock"):
        return False
    signer = (files.read_bytes(fd, "lock") or b"").decode("ascii", "replace").split()
    child = files.decode(files.read_bytes(fd, "child.json") or b"", ChildRecord)
    if child is None or child.pid_ns != processes.pid_namespace():
        return False  # its pids mean nothing here
    if len(signer) != 3 or not signer[0].isdigit():
        return False
    if signer[2] != processes.boot_id():
        return True
    return str(processes.start_ticks(int(signer[0]))) != signer[1]


def _is_newer(data: bytes | None) -> bool:
    """Whether a request says that it has another form than we know."""
    with contextlib.suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raw = msgspec.json.decode(data or b"")
        schema = raw.get("schema") if isinstance(raw, dict) else None
        return isinstance(schema, str) and schema[:4] == "run/" and schema != _SCHEMA
    return False


def _aside(home: Home, parts: tuple[str, ...]) -> Callable[[], str]:
    return lambda: home.set_aside(*parts)
