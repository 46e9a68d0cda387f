"""Run directories that lie, and readers that are short of something."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from opsdash_widgets.core.errors import (
    LaunchError,
    RunGone,
    RunNotFound,
    RunUnreadable,
    StopError,
)
from opsdash_widgets.core.model import Outcome, RunSpec, RunState
from opsdash_widgets.core.rundir import (
    create_run_dir,
    living_child,
    new_run_id,
    read_rungs,
    read_spec,
    read_verdict,
    request_stop,
    run_dir_path,
    withdraw_stop,
)
from opsdash_widgets.core.service.reading import read_run
from opsdash_widgets.core.supervisor import process

FILES = [
    "spec.json",
    "lock",
    "job.lock",
    "child.json",
    "control.json",
    "ladder.jsonl",
    "exit.json",
    "output.log",
]

GARBAGE = [
    b"",
    b"\xff\xfe",
    b'{"by": "\xff"}',
    b"null",
    b"[]",
    b"[" * 100_000,
    b'{"exec_error": ' + b'{"a": ' * 50_000,
    b'{"pid": "x", "code": "0", "stop": 7, "rung": 1}',
    b'{"pid": 1e400, "code": 1e400}',
    b"\0" * 4096,
    b'{"stop": true',
]


@pytest.fixture
def run_dir(tmp_path: Path) -> Path:
    """A run directory whose launcher died before it started a supervisor."""
    spec = RunSpec(run_id=new_run_id(), module="m", interpreter=sys.executable)
    path, lock = create_run_dir(tmp_path / "runs", spec)
    os.close(lock)
    return path


def read_everything(run_dir: Path) -> None:
    """Whatever a face reads: it ends, and only with errors that people understand."""
    with contextlib.suppress(RunGone, RunUnreadable):
        read_run(run_dir)
    with contextlib.suppress(OSError):
        read_verdict(run_dir)
    read_rungs(run_dir)
    with contextlib.suppress(RunGone, RunUnreadable, StopError):
        withdraw_stop(run_dir)
    with contextlib.suppress(RunGone, RunUnreadable, StopError):
        request_stop(run_dir, by="ada", kill=False, ask_s=0, grace_s=0)


@pytest.mark.parametrize("garbage", GARBAGE, ids=range(len(GARBAGE)))
@pytest.mark.parametrize("name", FILES)
def test_garbage_in_any_file_is_no_traceback(
    run_dir: Path, name: str, garbage: bytes
) -> None:
    (run_dir / name).write_bytes(garbage)
    read_everything(run_dir)


@pytest.mark.parametrize("kind", ["folder", "fifo", "link", "loop", "socket", "huge"])
@pytest.mark.parametrize("name", FILES)
def test_nothing_in_place_of_a_file_makes_a_reader_hang(
    run_dir: Path, name: str, kind: str
) -> None:
    path = run_dir / name
    path.unlink(missing_ok=True)
    if kind == "folder":
        path.mkdir()
    elif kind == "fifo":
        os.mkfifo(path)
    elif kind == "link":
        path.symlink_to("/etc/hostname")
    elif kind == "loop":
        path.symlink_to(path)
    elif kind == "socket":
        folder = os.open(run_dir, os.O_PATH)
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(f"/proc/self/fd/{folder}/{name}")
        os.close(folder)
    else:
        path.touch()
        os.truncate(path, 1 << 40)
    read_everything(run_dir)


def test_what_is_damaged_is_never_taken_for_success(run_dir: Path) -> None:
    for garbage in GARBAGE:
        (run_dir / "exit.json").write_bytes(garbage)
        assert read_verdict(run_dir).outcome is Outcome.ENDED_UNKNOWN


def test_a_child_of_another_boot_or_namespace_is_signalled_by_nobody(
    run_dir: Path,
) -> None:
    mine = {
        "pid": os.getppid(),
        "ticks": process.start_ticks(os.getppid()),
        "boot_id": process.boot_id(),
        "pid_ns": process.pid_namespace(),
    }
    child = run_dir / "child.json"
    child.write_text(json.dumps(mine))
    assert living_child(run_dir) == (mine["pid"], mine["ticks"])
    lies: list[dict[str, Any]] = [
        {"boot_id": "x"},
        {"pid_ns": "pid:[1]"},
        {"ticks": 1},
        {"ticks": None},
        {"pid": 0},
        {"pid": -1},
        {"pid": 1 << 40},
    ]
    for lie in lies:
        child.write_text(json.dumps({**mine, **lie}))
        assert living_child(run_dir) is None, lie
        read_everything(run_dir)


@pytest.mark.parametrize("signer", [b"1 2", b"x y z", b"\xff \xff \xff", b"1 None b"])
def test_a_lock_that_is_signed_by_nobody_wakes_nobody(
    run_dir: Path, signer: bytes
) -> None:
    boot = process.boot_id().encode()
    for content in (signer, signer.replace(b"z", boot).replace(b"b", boot)):
        (run_dir / "lock").write_bytes(content)
        read_everything(run_dir)


def test_a_copy_of_a_run_directory_is_no_run(run_dir: Path) -> None:
    copy = run_dir.with_name("20200101T000000000-abcdef")
    shutil.copytree(run_dir, copy)
    with pytest.raises(RunGone, match=copy.name):
        read_spec(copy)


@pytest.mark.parametrize(
    "bad", ["", ".", "..", "a/b", "-x", "x" * 129, "a b", "a\n", "ä", "\0", "~"]
)
def test_an_odd_run_id_is_none(tmp_path: Path, bad: str) -> None:
    with pytest.raises(RunNotFound):
        run_dir_path(tmp_path, bad)
    with pytest.raises(RunNotFound):
        create_run_dir(tmp_path, RunSpec(run_id=bad, module="m"))
    assert list(tmp_path.iterdir()) == []


def test_bytes_that_are_no_text_are_named_before_anything_is_made(
    tmp_path: Path,
) -> None:
    spec = RunSpec(run_id="r", module="m", argv=("\udcff",))
    with pytest.raises(LaunchError, match="no text"):
        create_run_dir(tmp_path / "runs", spec)
    assert not (tmp_path / "runs").exists()


def test_a_run_directory_that_cannot_be_made_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = RunSpec(run_id="r", module="m")
    full = OSError(28, "No space left on device")

    def no_space(*_: object) -> None:
        raise full

    opened = open_files()
    for name in ("posix_fallocate", "fsync"):
        with monkeypatch.context() as patched:
            patched.setattr(os, name, no_space)
            with pytest.raises(LaunchError, match="No space left"):
                create_run_dir(tmp_path, spec)
        assert list(tmp_path.iterdir()) == []
    assert open_files() == opened


def open_files() -> set[int]:
    """The descriptors of this process."""
    numbers = (int(path.name) for path in Path("/proc/self/fd").iterdir())
    return {number for number in numbers if Path(f"/proc/self/fd/{number}").exists()}


def test_ids_sort_by_time_at_every_fraction_of_a_second() -> None:
    moments = [1.75e9 + n / 997 for n in range(5000)]
    ids = [new_run_id(moment)[:19] for moment in moments]
    assert ids == sorted(ids)


def test_too_many_open_files_never_change_a_verdict(bench: Any) -> None:
    """What cannot be read now is an error, not "lost" and not "damaged"."""
    living = bench.launch(bench.module("long", "import time\ntime.sleep(600)\n"))
    bench.until(lambda: read_verdict(living).state is RunState.RUNNING, "it is running")
    ended = bench.launch(bench.module("quick", "raise SystemExit(3)"))
    bench.ended(ended)
    answers: set[Any] = set()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = max(open_files())
    for limit in range(highest - 2, highest + 8):
        resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
        try:
            for path in (living, ended):
                try:
                    verdict = read_verdict(path)
                    answers.add((path, verdict.state, verdict.outcome))
                    run = read_run(path)
                    answers.add((path, run.verdict.state, run.verdict.outcome))
                except (OSError, RunUnreadable):
                    continue
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert answers == {
        (living, RunState.RUNNING, None),
        (ended, RunState.FINISHED, Outcome.FAILED),
    }


def test_a_run_directory_that_is_being_deleted_has_no_other_end(
    bench: Any, tmp_path: Path
) -> None:
    first = bench.launch(bench.module("quick", "print('x')"))
    bench.ended(first)
    judged: list[str] = []
    done = threading.Event()
    copy = tmp_path / "copy" / first.name

    def judge() -> None:
        while not done.is_set():
            with contextlib.suppress(OSError):
                verdict = read_verdict(copy)
                judged.append(str(verdict.outcome or verdict.state))

    reader = threading.Thread(target=judge)
    reader.start()
    try:
        for _ in range(100):
            shutil.copytree(first, copy.with_name(".new"))
            copy.with_name(".new").rename(copy)
            time.sleep(0)
            (copy / "spec.json").unlink()
            shutil.rmtree(copy)
    finally:
        done.set()
        reader.join()
    assert set(judged) <= {"succeeded"}


READER = """
import json, os, sys
from pathlib import Path
from opsdash_widgets.core.rundir import read_verdict
runs, seen = Path(sys.argv[1]), {}
print("ready", flush=True)
while not (runs / ".enough").exists():
    for path in runs.iterdir():
        if path.name.startswith("."):
            continue
        verdict = read_verdict(path)
        word = str(verdict.outcome or verdict.state)
        words = seen.setdefault(path.name, [])
        if words[-1:] != [word]:
            words.append(word)
print(json.dumps(seen))
"""


def test_no_reader_ever_sees_a_run_go_back(bench: Any) -> None:
    bench.runs.mkdir()
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READER, bench.runs], stdout=subprocess.PIPE
        )
        for _ in range(3)
    ]
    try:
        for reader in readers:
            assert reader.stdout is not None
            reader.stdout.readline()
        module = bench.module("quick", "import sys; sys.exit(int(sys.argv[1]))")
        dirs = [bench.launch(module, str(n % 2)) for n in range(30)]
        for path in dirs:
            bench.ended(path)
        (bench.runs / ".enough").touch()
        seen = [json.loads(reader.communicate()[0]) for reader in readers]
    finally:
        for reader in readers:
            reader.kill()
            reader.wait()
    order = ["starting", "running", "end"]
    for words in seen:
        for number, path in enumerate(dirs):
            end = "failed" if number % 2 else "succeeded"
            story = [w.replace(end, "end") for w in words.get(path.name, ["end"])]
            assert story == [word for word in order if word in story], story
