"""The doctor: names what is wrong with a home, repairs it, and changes nothing else."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from opsdash_widgets.core.errors import PermissionDenied
from opsdash_widgets.core.model import (
    GroupState,
    Outcome,
    Role,
)
from opsdash_widgets.core.rundir import read_verdict
from opsdash_widgets.core.service.doctor import Doctor
from opsdash_widgets.core.service.doctoring import cgroups, surroundings
from opsdash_widgets.core.service.doctoring.findings import Severity
from opsdash_widgets.core.stores.schema import migrations

from .damages import DAMAGES
from .desk import Desk
from .ward import Ward, age, contents, kinds, told, truth


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
        "wrong modes",
        "a run half made",
        "a damaged end",
        "a copied run",
        "an empty run",
        "a linked log",
        "files half written",
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


def test_what_a_newer_version_wrote_is_left_alone(ward: Ward, doctor: Doctor) -> None:
    paths = {
        ward.run_dir() / "spec.json": b'{"schema": "run/2"}',
        ward.record: b'{"schema": "group/2"}',
        ward.home / "presets" / "jobs.takes" / "mine.json": b'{"schema": "preset/2"}',
    }
    for path, text in paths.items():
        path.write_bytes(text)
    (ward.home / "logs" / "tomorrow").mkdir()
    fixed = doctor.fix()
    assert kinds(fixed) == {"newer", "stray"}
    assert not fixed.is_whole
    assert {path: path.read_bytes() for path in paths} == paths
    assert (ward.home / "logs" / "tomorrow").is_dir()


def test_runs_behind_a_link_are_not_looked_into_nor_forgotten(
    ward: Ward, desk: Desk, doctor: Doctor
) -> None:
    before = truth(desk)
    runs = ward.home / "logs" / "runs"
    elsewhere = ward.home.parent / "runs elsewhere"
    runs.rename(elsewhere)
    runs.symlink_to(elsewhere)
    (elsewhere / "a note").write_text("")
    fixed = doctor.fix()
    assert "linked-folder" in kinds(fixed)
    assert not fixed.is_whole
    assert (elsewhere / "a note").exists()
    assert truth(desk) == before


def test_a_home_that_a_group_shares_may_hold_what_is_theirs(
    ward: Ward, doctor: Doctor
) -> None:
    for path in (ward.home, ward.home / "logs", ward.home / "logs" / "runs"):
        path.chmod(0o770)
    fixed = doctor.fix()
    assert fixed.is_whole
    assert kinds(fixed) == {"home-shared"}


def test_files_that_settings_name_are_no_strays(
    ward: Ward, desk: Desk, doctor: Doctor
) -> None:
    (desk.project / "opsdash.toml").write_text(
        'runners_package = "jobs"\n'
        'config_file = "$OPSDASH_HOME/environments.ini"\n'
        'runs_db = "$OPSDASH_HOME/register/all.sqlite"\n'
    )
    (ward.home / "environments.ini").write_text("")
    service = desk.service()
    service.sync()
    assert doctor.look().findings == (), told(doctor.look())


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
    age(ward.run_dir())
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
