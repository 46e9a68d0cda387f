"""The service with real runs: launch, find, stop, sync, and who may do what."""

from __future__ import annotations

import json
import os
import signal
import stat
from pathlib import Path

import msgspec
import pytest

from opsdash_widgets.core.errors import (
    ConfirmationNeeded,
    EnvironmentNotUsable,
    HomeError,
    ModuleNotFound,
    ModuleUnreadable,
    PermissionDenied,
    RunGone,
    RunNotFound,
    ValuesError,
)
from opsdash_widgets.core.model import (
    Actor,
    Capability,
    FormValues,
    LaunchRequest,
    Outcome,
    Role,
    RunState,
)
from opsdash_widgets.core.redaction import MASK
from opsdash_widgets.core.service import open_service
from opsdash_widgets.core.service.gate import require

from .desk import Desk, remove

GREET = """
    '''Greets somebody.'''
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument("--name", required=True)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--password")
    if __name__ == "__main__":
        arguments = parser.parse_args()
        for _ in range(arguments.times):
            print("hello", arguments.name)
"""

WAITS = "import time\nprint('ready', flush=True)\ntime.sleep(600)\n"


def test_a_form_is_launched_and_its_run_is_found_again_by_another_session(
    desk: Desk,
) -> None:
    module = desk.module("greet", GREET)
    service = desk.service()
    values = FormValues(values={"--name": "-Ada", "--times": "2"})
    run = desk.run(service, LaunchRequest(module=module, values=values))
    assert run.verdict.outcome is Outcome.SUCCEEDED
    assert (Path(run.run_dir) / "output.log").read_text() == "hello -Ada\n" * 2
    assert run.spec.values == {"values": {"--name": "-Ada", "--times": "2"}}
    other = desk.service()
    assert other.run(run.run_id) == run
    assert other.run(run.run_id[-6:]) == run
    assert other.runs().runs == (run,)


def test_values_that_the_parser_would_refuse_start_nothing(desk: Desk) -> None:
    module = desk.module("greet", GREET)
    service = desk.service()
    values = FormValues(values={"--name": "x", "--times": "many"})
    with pytest.raises(ValuesError) as caught:
        service.launch(LaunchRequest(module=module, values=values))
    assert "--times" in caught.value.fields
    with pytest.raises(ValuesError) as caught:
        service.launch(LaunchRequest(module=module, values=FormValues()))
    assert "--name" in caught.value.fields
    assert service.runs().total == 0


def test_a_secret_value_is_stored_nowhere(desk: Desk, home: Path) -> None:
    module = desk.module("greet", GREET)
    service = desk.service()
    values = FormValues(values={"--name": "x", "--password": "hunter2"})
    request = LaunchRequest(
        module=module, values=values, variables={"API_TOKEN": "swordfish"}
    )
    run = desk.run(service, request)
    assert run.verdict.outcome is Outcome.SUCCEEDED
    assert any(MASK in argument for argument in run.spec.argv)
    assert run.spec.variables == {"API_TOKEN": MASK}
    for path in home.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert b"hunter2" not in content, path
            assert b"swordfish" not in content, path


def test_a_secret_variable_reaches_the_job(desk: Desk) -> None:
    source = "import hashlib, os\nprint(len(os.environ['API_TOKEN']))\n"
    request = LaunchRequest(
        module=desk.module("tells", source), variables={"API_TOKEN": "swordfish"}
    )
    run = desk.run(desk.service(), request)
    assert (Path(run.run_dir) / "output.log").read_text() == "9\n"


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("capability", list(Capability))
def test_the_gate_lets_each_role_do_its_own(role: Role, capability: Capability) -> None:
    allowed = {
        Role.VIEWER: {Capability.SEE},
        Role.OPERATOR: {
            Capability.SEE,
            Capability.LAUNCH,
            Capability.STOP,
            Capability.EDIT_PRESETS,
        },
        Role.ADMIN: set(Capability),
    }[role]
    actor = Actor(name="ada", role=role)
    if capability in allowed:
        require(actor, capability)
    else:
        with pytest.raises(PermissionDenied, match="ada"):
            require(actor, capability)


def test_a_viewer_can_neither_launch_nor_stop_nor_configure(desk: Desk) -> None:
    module = desk.module("waits", WAITS)
    run = desk.service().launch(LaunchRequest(module=module))
    viewer = desk.service(Role.VIEWER)
    assert viewer.run(run.run_id).run_id == run.run_id
    with pytest.raises(PermissionDenied):
        viewer.launch(LaunchRequest(module=module))
    with pytest.raises(PermissionDenied):
        viewer.stop(run.run_id)
    with pytest.raises(PermissionDenied):
        viewer.save_config(viewer.read_config())


def test_a_module_outside_the_packages_is_confirmed_by_an_admin_only(
    desk: Desk,
) -> None:
    request = LaunchRequest(module="json.tool", argv=("--help",))
    with pytest.raises(PermissionDenied):
        desk.service(Role.OPERATOR).launch(request)
    admin = desk.service()
    with pytest.raises(ConfirmationNeeded, match=r"json\.tool"):
        admin.launch(request)
    confirmed = msgspec.structs.replace(request, confirmed=True)
    assert desk.run(admin, confirmed).verdict.outcome is Outcome.SUCCEEDED


def test_a_production_environment_asks_once_naming_module_and_environment(
    desk: Desk,
) -> None:
    module = desk.module("greet", GREET)
    (desk.project / "config.ini").write_text("[PROD]\nRESULT_PATH = /tmp\n")
    service = desk.service()
    request = LaunchRequest(module=module, argv=("--name", "x"), environment="PROD")
    with pytest.raises(ConfirmationNeeded) as caught:
        service.launch(request)
    assert module in caught.value.question
    assert "PROD" in caught.value.question
    run = desk.run(service, msgspec.structs.replace(request, confirmed=True))
    assert run.spec.environment == "PROD"
    assert run.spec.variables["RESULT_PATH"] == "/tmp"


def test_a_stop_works_from_a_session_that_did_not_start_the_run(desk: Desk) -> None:
    service = desk.service()
    run = service.launch(LaunchRequest(module=desk.module("waits", WAITS)))
    other = desk.service()
    stopped = other.stop(run.run_id)
    assert stopped.run_id == run.run_id
    end = desk.ended(service, run)
    assert end.verdict.outcome is Outcome.STOPPED
    assert other.stop_rungs(run.run_id)[0].rung == "ask"


def test_an_orphan_can_be_stopped(desk: Desk) -> None:
    service = desk.service()
    run, _ = desk.running(service, WAITS)  # before, the job itself holds the lock
    supervisor = service._executor._supervisors[0]  # type: ignore[attr-defined]  # to kill it
    supervisor.kill()
    supervisor.wait()
    assert service.run(run.run_id).verdict.state is RunState.ORPHANED
    service.stop(run.run_id)
    assert desk.ended(service, run).verdict.outcome is Outcome.STOPPED


def test_a_deleted_registry_is_rebuilt_from_the_directories(
    desk: Desk, home: Path
) -> None:
    service = desk.service()
    run = desk.run(
        service,
        LaunchRequest(module=desk.module("greet", GREET), argv=("--name", "x")),
    )
    for path in home.glob("runs.db*"):
        path.unlink()
    other = desk.service()
    assert other.sync() == (run.run_id,)
    assert other.runs().runs == (run,)


def test_a_registry_that_breaks_in_use_is_filled_again(desk: Desk, home: Path) -> None:
    service = desk.service()
    request = LaunchRequest(module=desk.module("greet", GREET), argv=("--name", "x"))
    runs = [desk.run(service, request) for _ in range(3)]
    service.sync()
    for path in home.glob("runs.db*"):
        path.unlink()
    service.runs()
    service.sync()
    assert {run.run_id for run in service.runs().runs} == {r.run_id for r in runs}
    assert "runs.db" in service.notice


def test_a_run_directory_deleted_by_hand_keeps_its_row_and_says_so(desk: Desk) -> None:
    service = desk.service()
    module = desk.module("greet", GREET)
    done = desk.run(service, LaunchRequest(module=module, argv=("--name", "x")))
    remove(done.run_dir)
    assert service.run(done.run_id) == done
    with pytest.raises(RunGone, match="not there any more"):
        service.log(done.run_id)
    active = service.launch(LaunchRequest(module=desk.module("waits", WAITS)))
    pid = None
    while pid is None:
        pid = service.run(active.run_id).verdict.pid
    remove(active.run_dir)
    assert active.run_id in service.sync()
    lost = service.run(active.run_id)
    assert lost.verdict.outcome is Outcome.LOST
    assert "deleted" in lost.verdict.reason
    os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("bad", ["../x", "/etc", "a/b", "x\0", "%2e%2e", "", "nosuch"])
def test_an_id_that_is_none_is_refused(desk: Desk, bad: str) -> None:
    with pytest.raises(RunNotFound):
        desk.service().run(bad)


def test_a_linked_run_directory_is_not_followed(desk: Desk, tmp_path: Path) -> None:
    service = desk.service()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "spec.json").write_text('{"run_id": "x", "module": "m"}')
    service.settings.runs_dir.mkdir(parents=True, exist_ok=True)
    (service.settings.runs_dir / "20260101T000000000-abcdef").symlink_to(elsewhere)
    assert service.sync() == ()
    with pytest.raises(RunNotFound):
        service.run("20260101T000000000-abcdef")


def test_an_interpreter_or_a_folder_that_is_not_there_is_named(desk: Desk) -> None:
    module = desk.module("greet", GREET)
    service = desk.service()
    with pytest.raises(EnvironmentNotUsable, match="/nowhere/python"):
        service.launch(LaunchRequest(module=module, interpreter="/nowhere/python"))
    with pytest.raises(EnvironmentNotUsable, match="/nowhere"):
        service.launch(LaunchRequest(module=module, cwd="/nowhere"))
    with pytest.raises(EnvironmentNotUsable, match="LIVE"):
        service.launch(LaunchRequest(module=module, environment="LIVE"))


def test_a_module_that_is_not_there_or_does_not_parse_is_not_launched(
    desk: Desk,
) -> None:
    service = desk.service()
    with pytest.raises(ModuleNotFound):
        service.launch(LaunchRequest(module="jobs.nosuch"))
    with pytest.raises(ModuleUnreadable):
        service.launch(LaunchRequest(module=desk.module("broken", "def (:\n")))
    assert service.runs().total == 0


def test_a_home_that_cannot_be_written_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("OPSDASH_HOME", str(blocked / "home"))
    with pytest.raises(HomeError):
        open_service(tmp_path)


def test_every_action_is_audited_and_the_log_is_private(desk: Desk, home: Path) -> None:
    service = desk.service()
    module = desk.module("greet", GREET)
    run = desk.run(service, LaunchRequest(module=module, argv=("--name", "x")))
    service.stop(run.run_id)
    with pytest.raises(PermissionDenied):
        desk.service(Role.VIEWER).launch(LaunchRequest(module=module))
    path = home / "logs" / "audit.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(line["action"], line["outcome"]) for line in lines] == [
        ("launch", "launched"),
        ("stop", "succeeded"),
        ("launch", "PermissionDenied"),
    ]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
