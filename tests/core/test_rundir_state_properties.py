"""The state function against the rules of the run protocol, written down once more.

The rules here are a table read top down, from the files up, without any code of
``rundir``; real directories with real locks are judged by it and by the code.
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opsdash_widgets.core.model import Outcome, RunState, Verdict
from opsdash_widgets.core.rundir import processes, read_verdict

HERE, OTHER_BOOT = "11111111-aaaa", "22222222-bbbb"
NAMESPACE, OTHER_NAMESPACE = "pid:[4026531836]", "pid:[4026539999]"

ASKED = ("stop", "pause", "kill", "stop kill", "freeze")
PLACES = ("alive", "dead", "other_boot", "other_namespace", "no_ticks")
CHILDREN = ("absent", "garbage", *PLACES)


@dataclass(frozen=True)
class Directory:
    """What a run directory holds, in words.

    Attributes:
        exit: absent, garbage, or one of ``EXITS``.
        lock: absent, free, held; ``unsigned`` is free and empty.
        child: absent, garbage, alive, dead, other_boot, other_namespace, no_ticks.
        job_lock: absent, free, held.
        note: absent, garbage, of_another, or a code.
        control: what is asked.
        rungs: of the ladder, in order.
        pauses: frozen or not, in order.
        group: whether it waits its turn in one.
    """

    exit: str = "absent"
    lock: str = "absent"
    child: str = "absent"
    job_lock: str = "absent"
    note: str = "absent"
    control: tuple[str, ...] = ()
    rungs: tuple[str, ...] = ()
    pauses: tuple[bool, ...] = ()
    group: bool = False

    @property
    def held(self) -> tuple[str, ...]:
        """The files that somebody has locked."""
        pairs = (("lock", self.lock), ("job.lock", self.job_lock))
        return tuple(name for name, how in pairs if how == "held")

    @property
    def begun(self) -> bool:
        """Whether the job has said who it is."""
        return self.child not in ("absent", "garbage")

    @property
    def noted(self) -> bool:
        """Whether the job itself has told its end."""
        return self.begun and self.note not in ("absent", "garbage", "of_another")

    @property
    def has_record(self) -> bool:
        """Whether there is an exit record that can be read."""
        return self.exit not in ("absent", "garbage")

    @property
    def frozen(self) -> bool:
        """Whether the last that was done is freezing."""
        return True in self.pauses[-1:]


STOP = {"rung": "terminate", "by": "ada"}
EXITS: dict[str, tuple[dict[str, Any], tuple[str, str]]] = {
    "exec error": (
        {"code": 127, "exec_error": {"message": "no such file", "what": "interpreter"}},
        ("start_failed", "exec_error"),
    ),
    "nobody knows": ({}, ("ended_unknown", "code_unknown")),
    "nobody knows, limit": ({"limit": "time"}, ("ended_unknown", "code_unknown")),
    "limit": ({"signal": 9, "limit": "memory"}, ("limit", "limit")),
    "limit and 0": ({"code": 0, "limit": "time"}, ("limit", "limit")),
    "limit and stop": (
        {"signal": 9, "limit": "time", "stop": STOP},
        ("limit", "limit"),
    ),
    "stop": ({"code": 143, "stop": STOP}, ("stopped", "stopped")),
    "stop by signal": ({"signal": 9, "stop": STOP}, ("stopped", "stopped")),
    "stop and 0": ({"code": 0, "stop": STOP}, ("succeeded", "succeeded")),
    "stop in the queue": (
        {"stop": {"rung": "queue", "by": "ada"}},
        ("stopped", "stopped_before_start"),
    ),
    "0": ({"code": 0}, ("succeeded", "succeeded")),
    "3": ({"code": 3}, ("failed", "failed")),
    "signal": ({"signal": 11}, ("killed", "killed")),
}

Rule = tuple[str, Callable[[Directory], bool], str]

RULES: tuple[Rule, ...] = (
    ("record", lambda d: d.has_record, "finished"),
    ("exit_note", lambda d: _damaged(d) and d.noted, "finished"),
    ("exit_unreadable", lambda d: _damaged(d), "finished/ended_unknown"),
    ("starting", lambda d: d.lock == "held" and not d.begun, "starting"),
    ("stopping", lambda d: d.lock == "held" and _stops(d), "stopping"),
    ("paused", lambda d: d.lock == "held" and d.frozen, "paused"),
    ("paused", lambda d: d.lock == "held" and "pause" in d.control, "paused"),
    ("running", lambda d: d.lock == "held", "running"),
    ("job_lock_held", lambda d: d.job_lock == "held", "orphaned"),
    ("not_started", lambda d: not d.begun and d.lock == "absent", "queued"),
    ("not_started", lambda d: not d.begun and _turn_dropped(d), "queued"),
    ("lost_at_start", lambda d: not d.begun, "finished/lost"),
    ("exit_note", lambda d: d.noted and d.child != "alive", "orphaned"),
    ("lost_reboot", lambda d: d.child == "other_boot", "finished/lost"),
    ("lost_or_foreign", lambda d: d.child == "other_namespace", "finished/lost"),
    ("same_process", lambda d: d.child == "alive", "orphaned"),
    ("lost", lambda _: True, "finished/lost"),
)


def _damaged(one: Directory) -> bool:  # and nobody lives who would write another
    return one.exit == "garbage" and one.lock != "held"


def _stops(one: Directory) -> bool:
    signalled = bool(one.rungs) and one.rungs[-1] != "ask"
    return signalled or any(asked in one.control for asked in ("stop", "kill"))


def _turn_dropped(one: Directory) -> bool:  # its starter died with the lock in hand
    return one.group and one.lock == "unsigned"


def expected(one: Directory) -> tuple[str, str]:
    """(rule, state or state/outcome) of a directory by the table."""
    rule, _, told = next(row for row in RULES if row[1](one))
    if rule == "record":
        outcome, rule = EXITS[one.exit][1]
        return rule, f"finished/{outcome}"
    if rule == "exit_note" and told == "finished":
        return rule, f"finished/{_noted_outcome(one)}"
    return rule, told


def _noted_outcome(one: Directory) -> str:
    code = int(one.note)
    if one.rungs and code != 0:
        return "stopped"
    return "succeeded" if code == 0 else "failed" if code > 0 else "killed"


class Place:
    """A machine of its own: a boot id, a namespace, and a process that lives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.living = subprocess.Popen([sys.executable, "-c", "input()"], stdin=-1)
        ticks = processes.start_ticks(self.living.pid)
        assert ticks is not None
        self.ticks = ticks
        self._numbers = itertools.count()

    def close(self) -> None:
        """End the process."""
        self.living.communicate(b"\n")

    @contextlib.contextmanager
    def made(self, one: Directory) -> Iterator[Path]:
        """A real directory of this description, its locks held by other openings."""
        path = self.folder / f"20250615T120000000-{next(self._numbers):06x}"
        path.mkdir(mode=0o700)
        group = {"group": "20250615T110000000-aaaaaa"} if one.group else {}
        spec = {"run_id": path.name, "module": "m", **group}
        (path / "spec.json").write_text(json.dumps(spec))
        for name, content in self._files(one):
            (path / name).write_bytes(content)
        holders = [os.open(path / name, os.O_RDWR) for name in one.held]
        try:
            for fd in holders:
                fcntl.flock(fd, fcntl.LOCK_EX)
            yield path
        finally:
            for fd in holders:
                os.close(fd)
            for file in path.iterdir():
                file.unlink()
            path.rmdir()

    def _files(self, one: Directory) -> Iterator[tuple[str, bytes]]:
        if one.exit == "garbage":
            yield "exit.json", b'{"code": 0'
        elif one.has_record:
            yield "exit.json", json.dumps(EXITS[one.exit][0]).encode()
        if one.lock != "absent":
            yield "lock", b"" if one.lock == "unsigned" else b"1 1 x\n"
        if one.job_lock != "absent":
            yield "job.lock", b""
        if one.child != "absent":
            yield "child.json", self._child(one.child)
        if one.note != "absent":
            yield "exit.note", self._note(one.note)
        if one.control:
            asked = dict.fromkeys(("stop", *one.control), True)
            asked["stop"] = "stop" in one.control or "kill" in one.control
            yield "control.json", json.dumps({**asked, "by": "ada"}).encode()
        if one.rungs:
            lines = [json.dumps({"rung": rung, "at": 1.0}) for rung in one.rungs]
            yield "ladder.jsonl", "\n".join(lines).encode() + b"\n"
        if one.pauses:
            told = {"at": 1.0, "boot": 1.0, "by": "bob"}
            lines = [json.dumps({**told, "paused": paused}) for paused in one.pauses]
            yield "pauses.jsonl", "\n".join(lines).encode() + b"\n"

    def _child(self, how: str) -> bytes:
        if how == "garbage":
            return b'{"pid": "me"}'
        ticks: int | None = self.ticks
        if how == "dead":
            ticks = self.ticks + 7
        elif how == "no_ticks":
            ticks = None
        record = {
            "pid": self.living.pid,
            "ticks": ticks,
            "boot_id": OTHER_BOOT if how == "other_boot" else HERE,
            "pid_ns": OTHER_NAMESPACE if how == "other_namespace" else NAMESPACE,
            "started": 50.0,
            "started_boot": 5.0,
        }
        return json.dumps(record).encode()

    def _note(self, how: str) -> bytes:
        if how == "garbage":
            return b"no number\n"
        pid = self.living.pid + (how == "of_another")
        code = 0 if how == "of_another" else int(how)
        return f"{pid} {code} 60000000000 15000000000\n".encode()


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    """The machine on which the directories are judged."""
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        boot_id = Path(name) / "boot_id"
        boot_id.write_text(f"{HERE}\n")
        patch.setenv("OPSDASH_BOOT_ID", str(boot_id))
        patch.setattr(processes, "pid_namespace", lambda: NAMESPACE)
        made = Place(Path(name))
        yield made
        made.close()


def told(verdict: Verdict) -> tuple[str, str]:
    """(rule, state or state/outcome) of a verdict."""
    outcome = f"/{verdict.outcome}" if verdict.outcome else ""
    return verdict.rule, f"{verdict.state}{outcome}"


directories = st.builds(
    Directory,
    exit=st.sampled_from(["absent", "absent", "absent", "garbage", *EXITS]),
    lock=st.sampled_from(["absent", "free", "held", "unsigned"]),
    child=st.sampled_from(CHILDREN),
    job_lock=st.sampled_from(["absent", "free", "held"]),
    note=st.sampled_from(["absent", "garbage", "of_another", "0", "3", "-9"]),
    control=st.sampled_from([(), *(tuple(w.split()) for w in ASKED)]),
    rungs=st.sampled_from([(), ("ask",), ("ask", "terminate"), ("ask", "kill")]),
    pauses=st.sampled_from([(), (True,), (True, False), (False, True)]),
    group=st.booleans(),
)

MANY = settings(
    max_examples=500,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@MANY
@given(one=directories)
def test_every_directory_is_judged_by_the_rules_of_the_protocol(
    place: Place, one: Directory
) -> None:
    with place.made(one) as path:
        verdict = read_verdict(path)
    assert told(verdict) == expected(one)


@pytest.mark.parametrize("lock", ["absent", "free", "held", "unsigned"])
@pytest.mark.parametrize("exit_file", ["absent", "garbage", "0", "3", "stop"])
def test_each_combination_of_the_files_that_decide(
    place: Place, exit_file: str, lock: str
) -> None:
    """Those that hypothesis might not meet: all of them."""
    for child, job_lock, note, group in itertools.product(
        CHILDREN, ("absent", "free", "held"), ("absent", "garbage", "0", "3"), (0, 1)
    ):
        one = Directory(
            exit=exit_file,
            lock=lock,
            child=child,
            job_lock=job_lock,
            note=note,
            group=bool(group),
        )
        with place.made(one) as path:
            assert told(read_verdict(path)) == expected(one), one


@MANY
@given(one=directories)
def test_what_may_never_happen_does_not(place: Place, one: Directory) -> None:
    with place.made(one) as path:
        verdict = read_verdict(path)
    if verdict.outcome is Outcome.SUCCEEDED:
        assert one.exit != "absent", "a success has its exit record"
        assert one.has_record or one.noted
        assert verdict.exit_code == 0
    if verdict.state is RunState.FINISHED and one.exit == "absent":
        assert verdict.outcome is Outcome.LOST, "no record: it is lost"
    if verdict.outcome is not Outcome.SUCCEEDED and verdict.state.is_terminal:
        assert verdict.reason.endswith("."), "it says why"
    if verdict.state is not RunState.FINISHED:
        assert verdict.outcome is None
        assert verdict.exit_code is None
        assert verdict.ended is None
    if one.lock == "held" and not one.has_record:
        assert verdict.state is not RunState.FINISHED, "its supervisor lives"
    if verdict.duration is not None:
        assert verdict.duration >= 0


READER = """
import msgspec, sys
from pathlib import Path
from opsdash_widgets.core.rundir import processes, read_verdict
processes.pid_namespace = lambda: sys.argv[1]
for line in sys.stdin:
    verdict = read_verdict(Path(line.strip()))
    print(msgspec.json.encode(verdict).decode(), flush=True)
"""


class Reader:
    """Another process that judges."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def judge(self, path: Path) -> Verdict:
        """What it says of a directory."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{path}\n")
        self.process.stdin.flush()
        return msgspec.json.decode(self.process.stdout.readline(), type=Verdict)


@pytest.fixture(scope="module")
def reader(place: Place) -> Iterator[Reader]:
    """One that is there for all examples."""
    process = subprocess.Popen(
        [sys.executable, "-c", READER, NAMESPACE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    yield Reader(process)
    process.communicate("")


@settings(MANY, max_examples=150)
@given(one=directories)
def test_two_readers_say_the_same(place: Place, reader: Reader, one: Directory) -> None:
    with place.made(one) as path:
        mine, other = read_verdict(path), reader.judge(path)
    if not mine.state.is_terminal:  # it ticks
        other = msgspec.structs.replace(other, duration=mine.duration)
    assert other == mine
