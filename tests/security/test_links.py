"""Run directories whose entries lead elsewhere: never followed, and nobody hangs."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from opsdash_widgets.core.model import LaunchRequest, Outcome
from tests.core.desk import Desk, until

from .asked import NAMES, VICTIM, put

ROOT = Path(__file__).parents[2]
DEADLINE_S = 120.0

PRINTS = "print('my own words')\nraise SystemExit(3)\n"
WAITS = "import time\nprint('ready', flush=True)\ntime.sleep(600)\n"


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    """A file of another user (or at least another folder), as it was."""
    folder = tmp_path / "another user"
    folder.mkdir()
    path = folder / "file"
    path.write_text(VICTIM)
    if os.geteuid() == 0:
        os.chown(path, 65534, 65534)
    return path


def script(desk: Desk, source: str, *words: str) -> str:
    """Run a session of its own, which may hang; what it prints."""
    command = [sys.executable, "-c", textwrap.dedent(source), str(desk.project), *words]
    done = subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


ENDED = """
    import sys
    from pathlib import Path
    from opsdash_widgets.core.model import Actor
    from opsdash_widgets.core.service import open_service
    from tests.security.asked import NAMES, everything, replaced
    project, run_dir, kind, victim = sys.argv[1:]
    run_dir, victim = Path(run_dir), Path(victim)
    home = run_dir.parents[2]
    for name in NAMES:
        with replaced(run_dir, name, kind, victim):
            for database in home.glob("runs.db*"):
                database.unlink()
            service = open_service(Path(project), Actor(name="ada"))
            print(f"== {name}")
            print(everything(service, run_dir.name))
            service.close()
"""


@pytest.mark.parametrize("kind", ["link", "hard link", "fifo", "folder"])
def test_an_ended_run_whose_entries_lead_elsewhere(
    desk: Desk, victim: Path, kind: str
) -> None:
    service = desk.service()
    module = desk.module("prints", PRINTS)
    run = desk.run(service, LaunchRequest(module=module))
    before = victim.stat()
    said = script(desk, ENDED, run.run_dir, kind, str(victim))
    parts = dict(part.split("\n", 1) for part in said.split("== ")[1:])
    assert set(parts) == set(NAMES)
    if kind != "hard link" or os.geteuid() == 0:
        assert "THE VICTIM" not in said
    assert victim.read_text() == VICTIM
    assert victim.stat().st_mtime_ns == before.st_mtime_ns
    for name in ("exit.json", "spec.json"):
        assert "Outcome.SUCCEEDED" not in parts[name]
    assert "my own words" in parts["lock"]
    assert "my own words" not in parts["output.log"]


LIVING = """
    import sys, time
    from pathlib import Path
    from opsdash_widgets.core.errors import OpsdashError
    from opsdash_widgets.core.model import Actor, LaunchRequest
    from opsdash_widgets.core.service import open_service
    from tests.core.desk import until
    from tests.security.asked import NAMES, everything, put
    project, kind, victim = sys.argv[1:]
    service = open_service(Path(project), Actor(name="ada"))
    runs = {name: service.launch(LaunchRequest(module="jobs.waits")) for name in NAMES}
    paths = {name: Path(run.run_dir) for name, run in runs.items()}
    for name, path in paths.items():
        log = path / "output.log"
        until(lambda: log.exists() and log.read_text().startswith("ready"), name)
        (path / name).unlink(missing_ok=True)
        put(path / name, kind, Path(victim))
        print(everything(service, path.name))
    # Each supervisor takes a sample in a directory that is not its own any more.
    samples = paths["lock"] / "resources.bin"
    size = samples.stat().st_size
    until(lambda: samples.stat().st_size > size + 64, "samples were taken")
    for path in paths.values():
        try:
            service.stop(path.name, kill_now=True)
        except OpsdashError as error:
            print(error)
    def gone():
        service._executor.reap()
        return not service._executor._supervisors
    until(gone, "every supervisor has gone")
    service.sync()
    print("== after")
    for name, path in paths.items():
        print(name, service.run(path.name).word)
    service.close()
"""


@pytest.mark.parametrize("kind", ["link", "fifo"])
def test_a_living_run_whose_entries_were_replaced_still_ends_where_it_is_told(
    desk: Desk, victim: Path, kind: str
) -> None:
    desk.module("waits", WAITS)
    before = victim.stat()
    said = script(desk, LIVING, kind, str(victim))
    after = said.partition("== after\n")[2]
    words = dict(line.split() for line in after.splitlines())
    assert set(words) == set(NAMES)
    assert "THE VICTIM" not in said
    assert victim.read_text() == VICTIM
    assert victim.stat().st_mtime_ns == before.st_mtime_ns
    assert set(words.values()) <= {"stopped", "lost", "ended_unknown"}
    assert words["output.log"] == words["pauses.jsonl"] == "stopped"


def test_a_linked_folder_of_runs_is_not_read_through(
    desk: Desk, tmp_path: Path
) -> None:
    service = desk.service()
    run = desk.run(service, LaunchRequest(module=desk.module("prints", PRINTS)))
    runs = Path(run.run_dir).parent
    elsewhere = tmp_path / "elsewhere"
    runs.rename(elsewhere)
    runs.symlink_to(elsewhere)
    log = service.log(run.run_id)
    log.refresh()
    assert (log.line_count, "link" in log.notice) == (0, True)
    log.close()
    link = elsewhere / "20260101T000000000-abcdef"
    link.symlink_to(elsewhere / run.run_id)
    desk.service().sync()
    assert service.runs().total == 1


def test_what_a_job_put_in_place_of_the_supervisors_log_does_not_keep_it_an_orphan(
    desk: Desk, victim: Path
) -> None:
    service = desk.service()
    run, _ = desk.running(service, WAITS)
    path = Path(run.run_dir)
    (path / "supervisor.log").unlink()
    put(path / "supervisor.log", "fifo", victim)
    supervisor = service._executor._supervisors[0]  # type: ignore[attr-defined]  # to kill it
    supervisor.kill()
    supervisor.wait()
    until(lambda: service.run(run.run_id).word == "running", "it is adopted")
    service.stop(run.run_id, kill_now=True)
    assert desk.ended(service, run).verdict.outcome is Outcome.STOPPED


def test_a_terminal_shows_and_stops_such_runs_without_hanging(
    desk: Desk, victim: Path
) -> None:
    service = desk.service()
    run = desk.run(service, LaunchRequest(module=desk.module("prints", PRINTS)))
    path = Path(run.run_dir)
    for name in NAMES[1:]:
        (path / name).unlink(missing_ok=True)
        put(path / name, "link" if len(name) % 2 else "fifo", victim)
    for words in (
        ("ps", "-a"),
        ("show", run.run_id),
        ("logs", run.run_id),
        ("logs", "-f", run.run_id),
        ("stop", run.run_id),
        ("stop", "--all-users", "--yes"),
        ("doctor",),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "opsdash_widgets", *words],
            cwd=desk.project,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )
        assert "THE VICTIM" not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        assert "unexpected" not in done.stderr
    assert victim.read_text() == VICTIM
