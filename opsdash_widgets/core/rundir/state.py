"""The state function: from what is observed of a run to where it is, purely.

The rules are read top down and the first match decides; ``Verdict.rule`` names it.
"""

from __future__ import annotations

import signal
from pathlib import Path

from ..model import Outcome, RunState, Verdict
from .facts import BEFORE_START, ExitRecord, Facts, gather


def read_verdict(run_dir: Path) -> Verdict:
    """Observe a run directory and judge it.

    Raises:
        OSError: the directory is not there, or is not one.
    """
    return judge(gather(run_dir))


def judge(facts: Facts) -> Verdict:
    """Where a run is and how it ended; the same from any process."""
    if facts.exit is not None:
        return _ended(facts, facts.exit)
    if facts.exit_unreadable:
        return _finished(
            facts,
            Outcome.ENDED_UNKNOWN,
            "exit_unreadable",
            "Its exit record is damaged.",
        )
    if facts.lock_held:
        return _alive(facts)
    return _without_supervisor(facts)


def _ended(facts: Facts, record: ExitRecord) -> Verdict:
    outcome, rule, reason = _outcome(record)
    start, stop = facts.child, record.stop or {}
    duration = record.ended_boot - start.started_boot if start else None
    return Verdict(
        state=RunState.FINISHED,
        outcome=outcome,
        rule=rule,
        reason=reason,
        exit_code=record.code,
        signal=record.signal,
        started=start.started if start else None,
        ended=record.ended,
        duration=max(0.0, duration) if duration is not None else None,
        pid=start.pid if start else None,
        rung="" if rule == "stopped_before_start" else stop.get("rung", ""),
    )


def _outcome(record: ExitRecord) -> tuple[Outcome, str, str]:
    if record.exec_error:
        message = record.exec_error.get("message", "unknown error")
        what = record.exec_error.get("what", "interpreter")
        reason = f"Its {what} could not be used: {message}."
        return Outcome.START_FAILED, "exec_error", reason
    stop = record.stop or {}
    if stop.get("rung") == BEFORE_START and record.code is None:
        by = stop.get("by") or "somebody"
        reason = f"Stopped by {by} before it started."
        return Outcome.STOPPED, "stopped_before_start", reason
    if record.code is None and record.signal is None:
        return (
            Outcome.ENDED_UNKNOWN,
            "code_unknown",
            "It ended, its exit code is unknown.",
        )
    if record.limit:
        return Outcome.LIMIT, "limit", f"Its {record.limit} limit ended it."
    if record.stop and record.code != 0:
        by = record.stop.get("by") or "somebody"
        rung = record.stop.get("rung", "")
        killed = ", and killed after the grace time" if rung == "kill" else ""
        return Outcome.STOPPED, "stopped", f"Stopped by {by}{killed}."
    if record.code == 0:
        return Outcome.SUCCEEDED, "succeeded", ""
    if record.signal is not None:
        return Outcome.KILLED, "killed", f"Killed by {signal_name(record.signal)}."
    return Outcome.FAILED, "failed", f"Exited with code {record.code}."


def signal_name(number: int) -> str:
    """``SIGKILL`` for 9; ``signal 99`` for what has no name."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _alive(facts: Facts) -> Verdict:
    if facts.child is None:
        return Verdict(state=RunState.STARTING, rule="starting")
    state = RunState.RUNNING
    if facts.control.stop or facts.rung not in ("", "ask"):  # asked by a signal
        state = RunState.STOPPING
    elif facts.control.pause:
        state = RunState.PAUSED
    return _running(facts, state, str(state))


def _running(facts: Facts, state: RunState, rule: str, reason: str = "") -> Verdict:
    child = facts.child
    duration = facts.now_boot - child.started_boot if child else None
    return Verdict(
        state=state,
        rule=rule,
        reason=reason,
        started=child.started if child else None,
        duration=max(0.0, duration) if duration is not None else None,
        pid=child.pid if child else None,
        rung=_rung(facts),
    )


def _rung(facts: Facts) -> str:
    """The last rung of a stop; one that was asked for only may have been withdrawn."""
    withdrawn = facts.rung == "ask" and not facts.control.stop
    return "" if withdrawn else facts.rung


def _without_supervisor(facts: Facts) -> Verdict:
    child = facts.child
    if facts.job_lock_held:
        return _orphaned(facts, "job_lock_held")
    if child is None and (facts.waits or not facts.lock_there):
        return Verdict(state=RunState.QUEUED, rule="not_started")
    if child is None:
        return _lost(
            facts, "lost_at_start", "Its supervisor died before it started it."
        )
    if child.boot_id != facts.boot_id:
        return _lost(facts, "lost_reboot", "The machine was restarted while it ran.")
    if child.pid_ns != facts.pid_ns:
        reason = "It ran in another container, or its supervisor died there."
        return _lost(facts, "lost_or_foreign", reason)
    if child.ticks is not None and child.ticks == facts.child_ticks:
        return _orphaned(facts, "same_process")
    reason = "Its supervisor died with it, and no exit record was written."
    return _lost(facts, "lost", reason)


def _orphaned(facts: Facts, rule: str) -> Verdict:
    reason = "It still runs, but its supervisor has died."
    return _running(facts, RunState.ORPHANED, rule, reason)


def _lost(facts: Facts, rule: str, reason: str) -> Verdict:
    return _finished(facts, Outcome.LOST, rule, reason)


def _finished(facts: Facts, outcome: Outcome, rule: str, reason: str) -> Verdict:
    child = facts.child
    return Verdict(
        state=RunState.FINISHED,
        outcome=outcome,
        rule=rule,
        reason=reason,
        started=child.started if child else None,
        pid=child.pid if child else None,
        rung=_rung(facts),
    )
