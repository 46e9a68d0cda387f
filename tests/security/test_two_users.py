"""Two users of a machine on one home: neither reads, loses nor signals the other's."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from opsdash_widgets.core import rundir
from opsdash_widgets.core.errors import RunUnreadable
from opsdash_widgets.core.model import LaunchRequest, Outcome, Run, RunSpec, RunState
from opsdash_widgets.core.supervisor import process
from tests.core.desk import Desk

ROOT = Path(__file__).parents[2]
STRANGER = 65534
"""The user that nothing belongs to (``nobody``)."""
WAITS = "import time\nprint('ready', flush=True)\ntime.sleep(600)\n"

# Root loads the code, which a stranger may not even reach, and then becomes one. Who is
# not root cannot, and meets a folder that is closed to them as a stranger's is.
SESSION = """
    import json, os, sys
    from pathlib import Path
    import msgspec
    from opsdash_widgets.core.errors import OpsdashError
    from opsdash_widgets.core.model import Actor, Run
    from opsdash_widgets.core.service import open_service
    project, record, uid = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    run = msgspec.json.decode(record, type=Run)
    from opsdash_widgets.core.stores import connections
    steps = connections.migrations()
    connections.migrations = lambda: steps
    rehearsal = open_service(project)  # whatever is loaded late is loaded now
    rehearsal.sync(), rehearsal.log(run.run_id).refresh()
    rehearsal.resources(run.run_id)
    rehearsal.close()
    if os.geteuid() == 0:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    else:
        Path(run.run_dir).chmod(0)
    service = open_service(project, Actor(name="stranger"))
    said = {"new": repr(service.sync())}
    service._registry.add(run)  # as when it was seen before its folder was closed
    def ask(name, act):
        try:
            found = act()
            said[name] = getattr(found, "word", None) or repr(found)
        except OpsdashError as error:
            said[name] = f"{type(error).__name__}: {error}"
    ask("sync", service.sync)
    ask("run", lambda: service.run(run.run_id))
    def log():
        opened = service.log(run.run_id)
        opened.refresh()
        return f"{opened.line_count} lines. {opened.notice}"
    ask("log", log)
    ask("resources", lambda: service.resources(run.run_id))
    ask("pause", lambda: service.pause(run.run_id))
    ask("stop", lambda: service.stop(run.run_id))
    ask("kill", lambda: service.stop(run.run_id, kill_now=True))
    ask("all", lambda: service.stop_all(mine=False, kill_now=True))
    said["word"] = service.runs().runs[0].word
    if uid != os.geteuid():
        Path(run.run_dir).chmod(0o700)
    service.close()
    print(json.dumps(said))
"""


def let_in(home: Path) -> None:
    """Open a home to everybody, but not the runs in it."""
    for path in (home, home / "logs", home / "logs" / "runs"):
        path.chmod(0o777)
    for above in home.parents:
        if above.stat().st_uid == os.geteuid() and above != Path("/"):
            above.chmod(above.stat().st_mode | 0o755)


def as_stranger(project: Path, run: Run) -> dict[str, str]:
    """What a session of another user is told."""
    command = [sys.executable, "-c", textwrap.dedent(SESSION), str(project)]
    done = subprocess.run(
        [*command, msgspec.json.encode(run), f"{STRANGER}"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def content(run_dir: Path) -> dict[str, bytes]:
    """What of a run directory only a request changes."""
    names = ("spec.json", "control.json", "ladder.jsonl", "pauses.jsonl")
    return {
        name: (run_dir / name).read_bytes()
        for name in names
        if (run_dir / name).exists()
    }


def test_another_users_run_is_not_read_not_lost_and_not_signalled(
    desk: Desk, home: Path
) -> None:
    service = desk.service()
    run, _ = desk.running(service, WAITS)
    run_dir = Path(run.run_dir)
    before = content(run_dir)
    let_in(home)
    said = as_stranger(desk.project, run)
    assert said.pop("new") == "()"
    assert said.pop("word") == "running"
    assert said.pop("run") == "running"  # as it was when it could be read
    assert said.pop("sync") == repr((run.run_id,))  # what was added, not what changed
    assert said.pop("log").startswith("'0 lines. ")
    for name, words in said.items():
        assert words.startswith(("RunUnreadable: ", "False")), (name, words)
    assert content(run_dir) == before
    assert service.run(run.run_id).verdict.state is RunState.RUNNING
    service.stop(run.run_id, kill_now=True)
    assert desk.ended(service, run).verdict.outcome is Outcome.STOPPED


@pytest.fixture
def process_of_ours() -> Iterator[subprocess.Popen[bytes]]:
    """A process that no run of ours has started."""
    with subprocess.Popen([sys.executable, "-c", WAITS]) as started:
        yield started
        started.kill()


def of_a_stranger(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a run directory another user's; who cannot becomes another user to it."""
    if os.geteuid() == 0:
        for each in (path, *path.iterdir()):
            os.chown(each, STRANGER, STRANGER, follow_symlinks=False)
    else:
        uid = os.geteuid()
        monkeypatch.setattr(os, "geteuid", lambda: uid + 1)


@pytest.mark.parametrize("held", [False, True])
def test_a_stranger_cannot_have_us_signal_a_process(
    desk: Desk,
    process_of_ours: subprocess.Popen[bytes],
    monkeypatch: pytest.MonkeyPatch,
    held: bool,
) -> None:
    """Their run directory names a process of ours as its job, or its supervisor."""
    service = desk.service()
    spec = RunSpec(run_id=rundir.new_run_id(), module="jobs.m", launched_by="an admin")
    path, lock = rundir.create_run_dir(service.settings.runs_dir, spec)
    pid = process_of_ours.pid
    ticks = process.start_ticks(pid)
    child = {
        "pid": pid,
        "ticks": ticks,
        "boot_id": process.boot_id(),
        "pid_ns": process.pid_namespace(),
    }
    (path / "child.json").write_text(json.dumps(child))
    (path / "tree.json").write_text(json.dumps({"members": [[pid, ticks]]}))
    (path / "lock").write_text(f"{pid} {ticks} {process.boot_id()}\n")
    if not held:
        os.close(lock)
    of_a_stranger(path, monkeypatch)
    service.sync()
    run = service.run(spec.run_id)
    assert run.verdict.state is (RunState.RUNNING if held else RunState.ORPHANED)
    assert not service.adopt(run.run_id)
    for act in (service.stop, service.pause, service.withdraw_stop):
        with pytest.raises(RunUnreadable, match="another user"):
            act(run.run_id)
    with pytest.raises(RunUnreadable, match="another user"):
        service.stop_all(mine=False, kill_now=True)
    assert not (path / "control.json").exists()
    assert service._executor._supervisors == []  # type: ignore[attr-defined]  # nobody adopts it
    assert process.start_ticks(pid) == ticks
    assert process_of_ours.poll() is None
    if held:
        os.close(lock)
    monkeypatch.undo()
    shutil.rmtree(path)


def test_a_strangers_queued_run_is_not_started_as_us(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = desk.service().settings.runs_dir
    spec = RunSpec(run_id=rundir.new_run_id(), module="jobs.m", group="g")
    (path,) = rundir.queue_run_dirs(runs, [spec])
    of_a_stranger(path, monkeypatch)
    with pytest.raises(RunUnreadable, match="another user"):
        rundir.take_turn(path)
    with pytest.raises(RunUnreadable, match="another user"):
        rundir.end_before_start(path, by="ada")
    assert not (path / "lock").exists()
    monkeypatch.undo()
    shutil.rmtree(path)


def test_a_file_of_a_stranger_in_our_run_directory_is_not_read(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = desk.service()
    run = desk.run(service, LaunchRequest(module=desk.module("prints", "print('x')")))
    log = Path(run.run_dir) / "output.log"
    log.write_text("another user's words\n")
    if os.geteuid() == 0:
        os.chown(log, STRANGER, STRANGER)
    else:
        log.chmod(0)
    with contextlib.closing(service.log(run.run_id)) as opened:
        opened.refresh()
        assert (opened.line_count, bool(opened.notice)) == (0, True)
