"""The state function over every combination of what can be observed."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsdash_widgets.core.model import Outcome, RunState, Verdict
from opsdash_widgets.core.rundir import Control, Facts, judge
from opsdash_widgets.core.rundir.control import Pause
from opsdash_widgets.core.rundir.facts import ChildRecord, ExitNote, ExitRecord

CHILD = ChildRecord(
    pid=4711, ticks=99, boot_id="b", pid_ns="n", started=50.0, started_boot=5.0
)
NOTED = ExitNote(code=3, ended=59.0, ended_boot=14.0)
NOW: dict[str, Any] = {"boot_id": "b", "pid_ns": "n", "now": 60.0, "now_boot": 15.0}
ALIVE: dict[str, Any] = {**NOW, "child": CHILD, "lock_there": True, "lock_held": True}
DEAD: dict[str, Any] = {**NOW, "child": CHILD, "lock_there": True}


def ended(**fields: Any) -> dict[str, Any]:
    return {**DEAD, "exit": ExitRecord(ended=58.0, ended_boot=13.5, **fields)}


TABLE = [
    (ended(code=0), "succeeded", Outcome.SUCCEEDED),
    (ended(code=2), "failed", Outcome.FAILED),
    (ended(signal=9), "killed", Outcome.KILLED),
    (ended(), "code_unknown", Outcome.ENDED_UNKNOWN),
    (ended(code=127, exec_error={"message": "x"}), "exec_error", Outcome.START_FAILED),
    (ended(code=1, limit="time"), "limit", Outcome.LIMIT),
    (ended(code=143, stop={"by": "a", "rung": "ask"}), "stopped", Outcome.STOPPED),
    (ended(signal=9, stop={"by": "a", "rung": "kill"}), "stopped", Outcome.STOPPED),
    (ended(code=0, stop={"by": "a", "rung": "ask"}), "succeeded", Outcome.SUCCEEDED),
    ({**DEAD, "exit_unreadable": True}, "exit_unreadable", Outcome.ENDED_UNKNOWN),
    ({**DEAD, "exit_unreadable": True, "note": NOTED}, "exit_note", Outcome.FAILED),
    (
        {**DEAD, "exit_unreadable": True, "note": NOTED, "rung": "kill"},
        "exit_note",
        Outcome.STOPPED,
    ),
    ({**NOW, "lock_there": True}, "lost_at_start", Outcome.LOST),
    ({**DEAD, "boot_id": "other"}, "lost_reboot", Outcome.LOST),
    ({**DEAD, "pid_ns": "other"}, "lost_or_foreign", Outcome.LOST),
    ({**DEAD, "child_ticks": 100}, "lost", Outcome.LOST),
    ({**DEAD, "child_ticks": None}, "lost", Outcome.LOST),
]

STATES = [
    (ALIVE, "running", RunState.RUNNING),
    ({**ALIVE, "control": Control(stop=True)}, "stopping", RunState.STOPPING),
    ({**ALIVE, "control": Control(pause=True)}, "paused", RunState.PAUSED),
    ({**ALIVE, "child": None}, "starting", RunState.STARTING),
    ({**DEAD, "job_lock_held": True}, "job_lock_held", RunState.ORPHANED),
    ({**DEAD, "child_ticks": 99}, "same_process", RunState.ORPHANED),
    (NOW, "not_started", RunState.QUEUED),
]


def rules(table: list[Any]) -> list[str]:
    return [rule for _, rule, _ in table]


@pytest.mark.parametrize(("facts", "rule", "outcome"), TABLE, ids=rules(TABLE))
def test_each_rule_of_an_end_gives_its_outcome(
    facts: dict[str, Any], rule: str, outcome: Outcome
) -> None:
    verdict = judge(Facts(**facts))
    assert (verdict.state, verdict.outcome) == (RunState.FINISHED, outcome)
    assert verdict.rule == rule


@pytest.mark.parametrize(("facts", "rule", "state"), STATES, ids=rules(STATES))
def test_each_rule_of_a_life_gives_its_state(
    facts: dict[str, Any], rule: str, state: RunState
) -> None:
    verdict = judge(Facts(**facts))
    assert (verdict.state, verdict.outcome, verdict.rule) == (state, None, rule)


def test_durations_are_of_boot_time() -> None:
    assert judge(Facts(**ended(code=0))).duration == 8.5
    assert judge(Facts(**ALIVE)).duration == 10.0


optional_text = st.sampled_from(["", "b", "n", "other"])
exits = st.builds(
    ExitRecord,
    code=st.none() | st.integers(0, 255),
    signal=st.none() | st.integers(1, 64),
    exec_error=st.none() | st.just({"message": "x", "what": "interpreter"}),
    stop=st.none() | st.just({"by": "ada", "rung": "kill"}),
    limit=st.none() | st.sampled_from(["time", "memory", "output"]),
)
children = st.builds(
    ChildRecord,
    pid=st.integers(1, 99),
    ticks=st.none() | st.integers(0, 5),
    boot_id=optional_text,
    pid_ns=optional_text,
)
facts = st.builds(
    Facts,
    exit=st.none() | exits,
    exit_unreadable=st.booleans(),
    lock_there=st.booleans(),
    lock_held=st.booleans(),
    job_lock_held=st.booleans(),
    child=st.none() | children,
    control=st.builds(Control, stop=st.booleans(), pause=st.booleans()),
    boot_id=optional_text,
    pid_ns=optional_text,
    child_ticks=st.none() | st.integers(0, 5),
)


@given(facts)
def test_no_combination_is_judged_against_the_evidence(seen: Facts) -> None:
    verdict = judge(seen)
    has_record = seen.exit is not None or seen.exit_unreadable
    if has_record:
        assert verdict.state is RunState.FINISHED
    if verdict.outcome is Outcome.SUCCEEDED:
        assert seen.exit is not None
        assert seen.exit.code == 0
    if verdict.state is RunState.FINISHED:
        assert verdict.outcome is not None
        assert bool(verdict.reason) is (verdict.outcome is not Outcome.SUCCEEDED)
    else:
        assert verdict.outcome is None
    if not has_record and (seen.lock_held or seen.job_lock_held):
        assert verdict.state is not RunState.FINISHED


@given(facts)
def test_the_judgement_survives_its_encoding(seen: Facts) -> None:
    verdict = judge(seen)
    encoded = msgspec.json.encode(verdict)
    assert msgspec.json.decode(encoded, type=Verdict) == verdict


def test_a_frozen_run_is_paused_and_says_by_whom() -> None:
    verdict = judge(Facts(**ALIVE, pause=Pause(paused=True, by="anna")))
    assert verdict.state is RunState.PAUSED
    assert "by anna" in verdict.reason


def test_a_run_that_was_let_go_on_is_running() -> None:
    verdict = judge(Facts(**ALIVE, pause=Pause(paused=False, by="anna")))
    assert verdict.state is RunState.RUNNING


def test_a_job_that_has_noted_its_end_and_still_lives_has_not_ended() -> None:
    verdict = judge(Facts(**DEAD, note=NOTED, child_ticks=CHILD.ticks))
    assert verdict.state is RunState.ORPHANED


@pytest.mark.parametrize("boot", ["b", "other"])
def test_what_only_the_job_has_noted_waits_for_whoever_records_it(boot: str) -> None:
    verdict = judge(Facts(**{**DEAD, "note": NOTED, "boot_id": boot}))
    assert (verdict.state, verdict.outcome) == (RunState.ORPHANED, None)
    assert verdict.rule == "exit_note"


def test_a_limit_is_named_with_its_value() -> None:
    fields = ended(signal=15, limit="memory", limit_value=2048.0)
    verdict = judge(Facts(**fields))
    assert verdict.reason == "Its memory limit of 2 GiB ended it."
    assert verdict.limit == "memory"


def test_a_kill_by_the_kernel_for_lack_of_memory_is_told_apart() -> None:
    verdict = judge(Facts(**ended(signal=9, oom="kernel")))
    assert verdict.outcome is Outcome.KILLED
    assert "out of memory" in verdict.reason


@pytest.mark.parametrize(
    ("how", "words"),
    [({}, "and killed after the grace time"), ({"how": "at once"}, "killed at once")],
)
def test_a_kill_says_whether_there_was_time(how: dict[str, str], words: str) -> None:
    stop = {"rung": "kill", "by": "anna", **how}
    verdict = judge(Facts(**ended(signal=9, stop=stop)))
    assert verdict.reason == f"Stopped by anna, {words}."
