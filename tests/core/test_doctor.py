"""The doctor: names what is wrong with a home, repairs it, and touches nothing else."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from opsdash_widgets.core.errors import PermissionDenied
from opsdash_widgets.core.model import (
    Actor,
    GroupState,
    LaunchRequest,
    Outcome,
    Role,
    RunState,
)
from opsdash_widgets.core.rundir import read_verdict
from opsdash_widgets.core.rundir.processes import start_ticks
from opsdash_widgets.core.service import open_doctor
from opsdash_widgets.core.service.doctor import Doctor
from opsdash_widgets.core.service.doctoring import cgroups, surroundings
from opsdash_widgets.core.service.doctoring.findings import Report, Severity
from opsdash_widgets.core.settings import HOME_VARIABLE

from .desk import Desk, until
from .ward import DAMAGES, Ward, admit, age, contents, ends

WAITS = "import time\nprint('ready', flush=True)\ntime.sleep(600)\n"


@pytest.fixture(scope="module")
def first_ward(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ward]:
    """A home with real runs, which is copied for each test."""
    folder = tmp_path_factory.mktemp("ward")
    home = folder / "home"
    home.mkdir(0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(HOME_VARIABLE, str(home))
        desk = Desk(folder)
        yield admit(desk, home)
        desk.close()


@pytest.fixture
def ward(first_ward: Ward, home: Path, desk: Desk) -> Ward:
    """A home of this test's own, whole, with its registry."""
    ward = first_ward.copy(home)
    service = desk.service()
    service.sync()
    service.close()
    desk.opened.remove(service)
    return ward


@pytest.fixture
def doctor(home: Path, desk: Desk) -> Doctor:
    return open_doctor(desk.project, Actor(name="the doctor"))


def kinds(report: Report) -> set[str]:
    return {finding.kind for finding in report.findings}


def told(report: Report) -> str:
    return "\n".join(map(str, report.findings))


def truth(desk: Desk) -> dict[str, tuple[str, int | None, int | None]]:
    service = desk.service()
    try:
        return ends(service)
    finally:
        service.close()
        desk.opened.remove(service)


@pytest.mark.parametrize("name", DAMAGES)
def test_what_is_damaged_is_named_repaired_and_whole_afterwards(
    ward: Ward, desk: Desk, doctor: Doctor, name: str
) -> None:
    before = truth(desk)
    healthy = contents(ward.run_dir(ward.other))
    DAMAGES[name].does(ward)
    damaged = contents(ward.home)
    found = doctor.look()
    assert DAMAGES[name].kinds == kinds(found), told(found)
    assert all(one.fixable for one in found.findings), told(found)
    assert _same(contents(ward.home), damaged)
    fixed = doctor.fix()
    assert fixed.is_whole, told(fixed)
    assert all(one.fixed for one in fixed.findings), told(fixed)
    assert doctor.look().findings == (), told(doctor.look())
    assert doctor.fix().findings == ()
    assert contents(ward.run_dir(ward.other)) == healthy
    after = truth(desk)
    assert {key: after[key] for key in before if key in after} == before
    lost = {"a damaged request": set(), "wrong owners": set()}.get(name, set())
    assert set(before) - set(after) == lost


def _same(now: dict[str, object], before: dict[str, object]) -> bool:
    """Whether a look has changed nothing; SQLite makes files of its own beside its."""
    return all(
        one.get(name) == other.get(name)
        for one, other in ((now, before), (before, now))
        for name in one
        if "runs.db" not in name
    )


def test_all_damage_at_once_is_repaired_at_once(
    ward: Ward, desk: Desk, doctor: Doctor
) -> None:
    before = truth(desk)
    healthy = contents(ward.run_dir(ward.other))
    together = (
        "a wrong row",
        "a run half made",
        "a damaged end",
        "a copied run",
        "an empty run",
        "a linked log",
        "files half written",
        "wrong modes",
        "strays among runs",
        "a stray at home",
        "a damaged preset",
        "damaged caches",
        "a damaged group",
        "a fifo for the audit log",
        "a file for set-aside",
        "half a registry",
    )
    for name in together:
        DAMAGES[name].does(ward)
    assert not doctor.look().is_whole
    fixed = doctor.fix()
    assert fixed.is_whole, told(fixed)
    assert doctor.look().findings == (), told(doctor.look())
    assert contents(ward.run_dir(ward.other)) == healthy
    assert truth(desk) == before


def test_a_home_at_work_has_no_findings(ward: Ward, desk: Desk, doctor: Doctor) -> None:
    service = desk.service()
    deaf = "import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + WAITS
    running, _ = desk.running(service, WAITS)
    stopping = service.launch(LaunchRequest(module=desk.module("deaf", deaf)))
    log = Path(stopping.run_dir) / "output.log"
    until(lambda: log.exists() and log.read_text() == "ready\n", "it is ready")
    service.stop(stopping.run_id)
    waiting = ward.waiting[0]
    assert service.run(waiting).verdict.state is RunState.QUEUED
    assert service.run(running.run_id).verdict.state is RunState.RUNNING
    assert service.run(stopping.run_id).verdict.state is RunState.STOPPING
    report = service.doctor.look()
    assert report.findings == (), told(report)
    assert report.looked_at.live == 2 + len(ward.waiting)
    assert service.doctor.fix().findings == ()
    assert service.run(running.run_id).verdict.state is RunState.RUNNING
    assert doctor.look().findings == ()


def test_a_home_is_whole_while_runs_are_launched_and_ended_in_it(
    ward: Ward, desk: Desk, doctor: Doctor
) -> None:
    service = desk.service()
    module = desk.module("quick", "print('hi')\n")
    launched = [service.launch(LaunchRequest(module=module)) for _ in range(6)]
    found = []
    while not all(service.run(run.run_id).is_terminal for run in launched):
        found += doctor.fix().findings
    assert found == []
    assert {service.run(run.run_id).word for run in launched} == {"succeeded"}


def test_what_lives_is_never_touched(ward: Ward, desk: Desk, doctor: Doctor) -> None:
    service = desk.service()
    run, _ = desk.running(service, WAITS)
    run_dir = Path(run.run_dir)
    (run_dir / "exit.json").write_bytes(b"{")
    (run_dir / "exit.json").chmod(0o600)
    (run_dir / "control.json").symlink_to("/etc/hostname")
    before = contents(run_dir)
    fixed = doctor.fix()
    assert {"exit", "no-file"} == kinds(fixed), told(fixed)
    assert not fixed.is_whole
    after = contents(run_dir)
    assert {name: after[name] for name in ("exit.json", "control.json")} == {
        name: before[name] for name in ("exit.json", "control.json")
    }
    assert start_ticks(run.verdict.pid or 0) is not None
    for name in ("exit.json", "control.json"):
        (run_dir / name).unlink()


def test_a_living_run_gets_its_lost_request_back(
    ward: Ward, desk: Desk, doctor: Doctor
) -> None:
    service = desk.service()
    run, _ = desk.running(service, WAITS)
    spec = Path(run.run_dir) / "spec.json"
    written = spec.read_bytes()
    spec.unlink()
    age(Path(run.run_dir))
    assert doctor.fix().is_whole
    assert spec.read_bytes() == written
    assert desk.service().run(run.run_id).verdict.state is RunState.RUNNING


def test_a_run_of_which_nobody_knows_the_request_is_set_aside(
    ward: Ward, desk: Desk, doctor: Doctor
) -> None:
    DAMAGES["no registry"].does(ward)
    DAMAGES["a damaged request"].does(ward)
    before = contents(ward.run_dir())
    assert doctor.fix().is_whole
    assert not ward.run_dir().exists()
    (kept,) = (ward.home / "set-aside").glob(f"*/logs/runs/{ward.good}")
    assert contents(kept) == before
    assert doctor.look().findings == ()
    assert ward.good not in truth(desk)


def test_a_run_that_waits_is_not_started_for_its_damaged_end(
    ward: Ward, desk: Desk, doctor: Doctor
) -> None:
    run_dir = ward.run_dir(ward.waiting[0])
    (run_dir / "exit.json").write_bytes(b"{")
    (run_dir / "exit.json").chmod(0o600)
    fixed = doctor.fix()
    assert fixed.is_whole, told(fixed)
    assert read_verdict(run_dir).outcome is Outcome.ENDED_UNKNOWN
    assert doctor.look().findings == ()
    assert [*(ward.home / "set-aside").glob("*/logs/runs/*/exit.json")]


def test_an_orphan_gets_a_new_supervisor(
    ward: Ward, desk: Desk, doctor: Doctor
) -> None:
    service = desk.service()
    run, _ = desk.running(service, WAITS)
    supervisor = service._executor._supervisors[0]  # type: ignore[attr-defined]  # to kill it
    supervisor.kill()
    supervisor.wait()
    found = doctor.look()
    assert kinds(found) == {"orphan"}
    fixed = doctor.fix()
    assert fixed.is_whole, told(fixed)
    assert doctor.look().findings == ()
    assert service.run(run.run_id).verdict.state is RunState.RUNNING
    service.stop(run.run_id, kill_now=True)
    until(lambda: service.run(run.run_id).is_terminal, "it has ended")
    until(lambda: not doctor._executor.reap(), "its supervisor is collected")


FORKS = "child = os.fork()\nif not child: time.sleep(600)\n"
"""What is started so holds the lock of the job's tree."""
STARTS = (
    "import subprocess\n"
    "child = subprocess.Popen(['sleep', '600'], start_new_session=True).pid\n"
    "tree = os.environ['OPSDASH_RUN_DIR'] + '/tree.json'\n"
    "while not os.path.exists(tree) or str(child) not in open(tree).read():\n"
    "    time.sleep(0.01)\n"
)
"""What is started so is only known to have been seen by the supervisor."""


@pytest.mark.parametrize("begins", [FORKS, STARTS], ids=["forked", "started"])
def test_what_an_ended_run_has_left_running_is_ended(
    ward: Ward, desk: Desk, doctor: Doctor, begins: str
) -> None:
    service = desk.service()
    source = f"import os, time\n{begins}print(child, os.getpid())\n{WAITS}"
    run, words = desk.running(service, source)
    left, job = map(int, words)
    # Whoever would end what is left is killed first, and the job's end recorded.
    supervisor = service._executor._supervisors[0]  # type: ignore[attr-defined]  # to kill it
    supervisor.kill()
    os.kill(job, signal.SIGKILL)
    supervisor.wait()
    until(lambda: start_ticks(job) is None, "the job is gone")
    path = Path(run.run_dir) / "exit.json"
    path.write_bytes((ward.run_dir() / "exit.json").read_bytes())
    path.chmod(0o600)
    assert start_ticks(left) is not None
    found = doctor.look()
    assert kinds(found) == {"left-running"}, told(found)
    assert str(left) in told(found)
    fixed = doctor.fix()
    assert fixed.is_whole, told(fixed)
    assert start_ticks(left) is None
    assert doctor.look().findings == ()


def test_a_group_made_anew_is_paused_and_goes_on_when_it_is_resumed(
    ward: Ward, desk: Desk, doctor: Doctor
) -> None:
    DAMAGES["a damaged group"].does(ward)
    assert doctor.fix().is_whole
    service = desk.service()
    progress = service.groups.progress(ward.group)
    assert progress.state is GroupState.PAUSED
    assert progress.queued == len(ward.waiting)
    service.groups.stop(ward.group)
    assert service.groups.progress(ward.group).queued == 0


def test_an_older_registry_is_a_note_and_brought_up_to_date(
    ward: Ward, desk: Desk, doctor: Doctor
) -> None:
    before = truth(desk)
    DAMAGES["no registry"].does(ward)
    from opsdash_widgets.core.stores.schema import migrations

    connection = sqlite3.connect(ward.registry)
    connection.executescript(migrations()[0][1])
    connection.execute("PRAGMA user_version = 1")
    connection.close()
    ward.registry.chmod(0o600)
    found = doctor.look()
    assert [one.severity for one in found.findings] == [Severity.NOTE]
    assert found.is_whole
    assert doctor.fix().is_whole
    assert doctor.look().findings == ()
    assert truth(desk) == before


HOLDS = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1])
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(600)
"""


@pytest.fixture
def holder(ward: Ward) -> Iterator[subprocess.Popen[str]]:
    """Another process that has locked the registry, and hangs."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(ward.registry)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_a_registry_that_somebody_has_locked_is_left_to_him(
    ward: Ward, desk: Desk, doctor: Doctor, holder: subprocess.Popen[str]
) -> None:
    identity = ward.registry.stat().st_ino
    fixed = doctor.fix()
    assert kinds(fixed) == {"registry-locked"}
    assert str(holder.pid) in told(fixed)
    assert not fixed.is_whole
    assert ward.registry.stat().st_ino == identity
    holder.kill()  # what it had locked is free with its death
    holder.wait()
    assert doctor.look().findings == ()


def test_a_registry_in_use_is_replaced_under_the_session_that_uses_it(
    ward: Ward, desk: Desk, doctor: Doctor
) -> None:
    service = desk.service()
    before = ends(service)
    DAMAGES["garbage for a registry"].does(ward)
    assert doctor.fix().is_whole
    assert ends(service) == before


def test_a_wrong_settings_file_is_a_finding_and_keeps_nothing_from_being_repaired(
    ward: Ward, desk: Desk, doctor: Doctor
) -> None:
    (desk.project / "opsdash.toml").write_text("runners_pakage = 'jobs'\n")
    DAMAGES["a damaged preset"].does(ward)
    fixed = doctor.fix()
    assert [one.kind for one in fixed.findings if not one.fixed] == ["settings"]
    assert "line 1" in told(fixed)
    assert not fixed.is_whole


def test_a_settings_file_that_is_a_fifo_does_not_hang_it(
    ward: Ward, doctor: Doctor
) -> None:
    os.mkfifo(ward.home / "opsdash.toml")
    assert "settings" in kinds(doctor.look())


def test_who_may_only_look_may_not_repair(ward: Ward, desk: Desk) -> None:
    for role in (Role.VIEWER, Role.OPERATOR):
        service = desk.service(role)
        assert service.doctor.look().findings == ()
        with pytest.raises(PermissionDenied, match="maintain"):
            service.doctor.fix()


def test_repairs_are_on_record(ward: Ward, doctor: Doctor) -> None:
    DAMAGES["a stray at home"].does(ward)
    doctor.fix()
    lines = (ward.home / "logs" / "audit.jsonl").read_text().splitlines()
    assert "todo.txt" in lines[-2]
    assert "1 repaired, 0 left" in lines[-1]
    (kept,) = (ward.home / "set-aside").glob("*/todo.txt")
    assert kept.read_text() == "buy milk"


def test_a_home_that_is_not_there_yet_is_whole(home: Path, doctor: Doctor) -> None:
    home.rmdir()
    assert doctor.look().is_whole
    assert doctor.fix().findings == ()
    assert not home.exists()


def test_a_home_that_is_a_file_is_named(home: Path, doctor: Doctor) -> None:
    home.rmdir()
    home.write_text("")
    assert kinds(doctor.fix()) == {"home"}
    home.unlink()
    home.mkdir()


def test_a_linked_home_is_worth_a_note_and_works(ward: Ward, doctor: Doctor) -> None:
    elsewhere = ward.home.with_name("elsewhere")
    ward.home.rename(elsewhere)
    ward.home.symlink_to(elsewhere)
    DAMAGES["a stray at home"].does(ward)
    fixed = doctor.fix()
    assert fixed.is_whole
    assert kinds(fixed) == {"home-link", "stray"}
    ward.home.unlink()
    elsewhere.rename(ward.home)


def test_a_disk_that_is_nearly_full_is_named(
    ward: Ward, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surroundings, "NEARLY_FULL", 1 << 62)
    assert kinds(doctor.look()) == {"disk-full"}


def test_a_network_file_system_is_named(
    ward: Ward, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(surroundings, "network_type", lambda path: "nfs4")
    assert kinds(doctor.look()) == {"network"}


def test_cgroups_that_are_left_are_removed(
    ward: Ward, doctor: Doctor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / "cgroup" / "above" / f"opsdash-{ward.good}"
    other = tmp_path / "cgroup" / "opsdash-of-somebody-else"
    for folder in (left, other):
        folder.mkdir(parents=True)
    monkeypatch.setattr(cgroups, "MOUNTS", (str(tmp_path / "cgroup"),))
    assert kinds(doctor.look()) == {"cgroup"}
    assert doctor.fix().is_whole
    assert not left.exists()
    assert other.exists()


def test_what_somebody_is_writing_just_now_is_left_alone(
    ward: Ward, doctor: Doctor
) -> None:
    paths = [
        ward.run_dir() / ".control.json.0badf00d",
        ward.run_dir(f".{ward.good}0.new"),
    ]
    paths[0].write_bytes(b"")
    paths[1].mkdir()
    assert doctor.fix().findings == ()
    assert all(path.exists() for path in paths)


def test_a_look_tells_how_far_it_has_come(ward: Ward, doctor: Doctor) -> None:
    heard: list[tuple[str, int, int]] = []
    doctor.look(lambda *words: heard.append(words))
    assert heard[0][1] == 0
    assert heard[-1][1] == heard[-1][2] == len([*ward.run_dir(".").iterdir()])


def test_the_names_that_it_shows_are_safe(ward: Ward, doctor: Doctor) -> None:
    ward.run_dir("\x1b]0;title\x07 .txt").write_text("")
    os.close(os.open(os.fsencode(ward.home) + b"/\xff\xfe", os.O_CREAT, 0o600))
    fixed = doctor.fix()
    assert fixed.is_whole
    assert "\x1b" not in told(fixed)
    told(fixed).encode("utf-8")
