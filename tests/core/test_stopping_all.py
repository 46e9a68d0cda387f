"""Stopping all of one's own at once, and what of others nobody else may touch."""

from __future__ import annotations

from pathlib import Path

import pytest

from opsdash_widgets.core.errors import OpsdashError, PermissionDenied, StopError
from opsdash_widgets.core.model import (
    Actor,
    FormValues,
    LaunchRequest,
    Outcome,
    Role,
    Run,
    RunQuery,
    RunState,
    SweepRequest,
)
from opsdash_widgets.core.service import Service, open_service

from .desk import Desk, until
from .sessions import NOTES, request

WAITS = "import time\nprint('ready', flush=True)\ntime.sleep(600)\n"


class Team:
    """A project with several people on it."""

    def __init__(self, desk: Desk, into: Path) -> None:
        self.desk = desk
        self.into = into
        desk.module("waits", WAITS)
        desk.module("notes", NOTES)

    def person(self, name: str, role: Role = Role.OPERATOR) -> Service:
        opened = open_service(self.desk.project, Actor(name=name, role=role))
        self.desk.opened.append(opened)
        return opened

    def launched(self, by: Service, requested_by: str = "") -> Run:
        launch = LaunchRequest(module="jobs.waits", requested_by=requested_by)
        return by.launch(launch)

    def swept(self, by: Service, count: int = 6) -> str:
        sweep = request(self.into, f"1..{count}", limit=1, wait="600")
        return by.groups.launch(sweep).group_id

    def words(self, service: Service) -> dict[str, str]:
        service.sync()
        return {run.run_id: run.word for run in service.runs().runs}


@pytest.fixture
def team(desk: Desk, into: Path) -> Team:
    return Team(desk, into)


def test_all_of_ones_own_are_stopped_and_those_of_others_go_on(team: Team) -> None:
    ada, bob = team.person("ada"), team.person("bob")
    mine = {team.launched(ada).run_id, team.launched(ada, "bob").run_id}
    theirs = team.launched(bob, "ada").run_id
    asked = ada.stop_all(kill_now=True)
    assert {run.run_id for run in asked} == mine
    until(lambda: all(ada.run(one).is_terminal for one in mine), "they have ended")
    assert {ada.run(one).verdict.outcome for one in mine} == {Outcome.STOPPED}
    assert not ada.run(theirs).is_terminal
    assert ada.stop_all() == []


def test_groups_are_stopped_as_groups(team: Team) -> None:
    ada, bob = team.person("ada"), team.person("bob")
    group = team.swept(ada)
    other = team.swept(bob, 2)
    until(lambda: len(list(team.into.iterdir())) == 2, "each runs one")
    ada.sync()
    asked = ada.stop_all(kill_now=True)
    assert len(asked) == 6
    assert ada.groups.get(group).stopped_by == "ada"
    assert ada.groups.get(other).stopped_by == ""
    until(lambda: ada.groups.progress(group).done == 6 or not ada.sync(), "")
    until(lambda: all(ada.run(r.run_id).is_terminal for r in asked), "all have ended")
    runs = ada.runs(RunQuery(groups=(group,))).runs
    assert {run.verdict.outcome for run in runs} == {Outcome.STOPPED}
    assert len(list(team.into.iterdir())) == 2  # nothing more was started of ada's


def test_a_group_of_which_nothing_waits_is_stopped_run_by_run(team: Team) -> None:
    ada = team.person("ada")
    group = ada.groups.launch(request(team.into, "1,2", limit=2, wait="600")).group_id
    until(lambda: ada.groups.get(group).drained, "nothing waits")
    asked = ada.stop_all(kill_now=True)
    assert len(asked) == 2
    until(lambda: all(ada.run(r.run_id).is_terminal for r in asked), "all have ended")


def test_an_admin_stops_those_of_everybody(team: Team) -> None:
    ada, root = team.person("ada"), team.person("root", Role.ADMIN)
    runs = {team.launched(ada).run_id, team.launched(root).run_id}
    group = team.swept(ada, 2)
    assert len(root.stoppable(mine=False)) == 4
    assert {run.run_id for run in root.stoppable()} == runs - {
        run.run_id for run in ada.stoppable()
    }
    asked = root.stop_all(mine=False, kill_now=True)
    assert len(asked) == 4
    assert root.groups.get(group).stopped_by == "root"
    until(lambda: all(root.run(r.run_id).is_terminal for r in asked), "all have ended")


def test_another_operators_run_is_neither_stopped_nor_paused(team: Team) -> None:
    ada, bob = team.person("ada"), team.person("bob")
    run = team.launched(ada, requested_by="bob")  # a name in a form makes no owner
    until(lambda: ada.run(run.run_id).verdict.pid, "it runs")
    for act in (bob.stop, bob.pause, bob.resume, bob.withdraw_stop):
        with pytest.raises(PermissionDenied, match=r"bob .* stop runs of others"):
            act(run.run_id)
    with pytest.raises(PermissionDenied):
        bob.stop_all(mine=False)
    with pytest.raises(PermissionDenied):
        bob.stoppable(mine=False)
    assert ada.run(run.run_id).verdict.state is RunState.RUNNING
    ada.pause(run.run_id)
    ada.resume(run.run_id)
    ada.stop(run.run_id, kill_now=True)


def test_another_operators_group_is_left_alone(team: Team) -> None:
    ada, bob = team.person("ada"), team.person("bob")
    group = team.swept(ada, 2)
    for act in (
        lambda: bob.groups.stop(group),
        lambda: bob.groups.pause(group),
        lambda: bob.groups.resume(group),
        lambda: bob.groups.set_limit(group, 2),
    ):
        with pytest.raises(PermissionDenied, match="stop runs of others"):
            act()
    assert ada.groups.get(group).stopped_by == ""
    assert not ada.groups.get(group).paused
    ada.groups.stop(group, kill_now=True)


def test_a_viewer_stops_nothing(team: Team) -> None:
    ada, eve = team.person("ada"), team.person("eve", Role.VIEWER)
    run = team.launched(ada)
    for act in (eve.stop_all, eve.stoppable):
        with pytest.raises(PermissionDenied):
            act()
    assert not ada.run(run.run_id).is_terminal


def test_one_that_cannot_be_asked_does_not_keep_the_others_from_it(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = team.person("ada")
    runs = [team.launched(ada) for _ in range(3)]
    stop = ada.stop

    def stop_some(run_id: str, *, kill_now: bool = False) -> Run:
        if run_id == runs[1].run_id:  # as on a disk that is full
            raise StopError("The stop could not be written.", "Free some space.")
        return stop(run_id, kill_now=kill_now)

    monkeypatch.setattr(ada, "stop", stop_some)
    with pytest.raises(OpsdashError, match="could not be written"):
        ada.stop_all(kill_now=True)
    first, middle, last = (run.run_id for run in runs)
    until(lambda: ada.run(first).is_terminal and ada.run(last).is_terminal, "")
    assert not ada.run(middle).is_terminal


def test_a_run_of_an_old_session_belongs_to_who_asked_for_it(team: Team) -> None:
    ada = team.person("ada")
    run = team.launched(ada)
    until(lambda: ada.run(run.run_id).word == "running", "its request was read")
    spec = Path(run.run_dir) / "spec.json"
    text = spec.read_text()
    assert '"launched_by":"ada"' in text
    old = text.replace('"launched_by":"ada"', '"launched_by":""')
    spec.write_text(old.replace('"requested_by":"ada"', '"requested_by":"bob"'))
    for database in spec.parents[3].glob("runs.db*"):
        database.unlink()
    bob = team.person("bob")
    assert [one.run_id for one in bob.stoppable()] == [run.run_id]
    bob.stop_all(kill_now=True)


def test_a_rerun_of_anothers_group_is_ones_own(team: Team) -> None:
    fails = """
        import argparse, sys
        parser = argparse.ArgumentParser()
        parser.add_argument("--number", type=int)
        if __name__ == "__main__":
            sys.exit(parser.parse_args().number)
    """
    module = team.desk.module("fails", fails)
    ada, bob = team.person("ada"), team.person("bob")
    base = LaunchRequest(module=module, values=FormValues())
    sweep = SweepRequest(base=base, fields={"number": "1,2"})
    first = ada.groups.launch(sweep).group_id
    until(lambda: ada.groups.progress(first).done == 2 or ada.sync() is None, "")
    again = bob.groups.rerun_failed(first)
    assert again.owner == "bob"
    with pytest.raises(PermissionDenied):  # it holds what bob has launched
        ada.groups.stop(first)
    bob.groups.stop(again.group_id)
