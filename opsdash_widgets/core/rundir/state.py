"""The state function: from what is observed of a run to where it is, purely.

The rules are read top down and the first match decides; ``Verdict.rule`` names it.
"""

from __future__ import annotations

import signal
from pathlib import Path

import msgspec

from ..model import LIMITS, Outcome, RunState, Verdict, limit_text
from .facts import BEFORE_START, ChildRecord, ExitNote, ExitRecord, Facts, gather

_OOM = {
    "cgroup": ": its group of processes ran out of memory",
    "kernel": ": the machine ran out of memory, the kernel's log says",
}
"""What the reason of a kill adds where the kernel tells why."""


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
        if facts.note is not None:
            return _noted(facts, facts.note)
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
        limit=(record.limit or "") if outcome is Outcome.LIMIT else "",
        source=record.source,
        paused_s=record.paused_s,
        totals=record.resources,
    )


def _noted(facts: Facts, note: ExitNote) -> Verdict:
    """Its exit record is damaged, but the job itself has noted its end."""
    stop = {"rung": facts.rung, "by": facts.control.by} if facts.rung else None
    record = ExitRecord(
        code=note.code if note.code >= 0 else None,
        signal=-note.code if note.code < 0 else None,
        stop=stop,
        ended=note.ended,
        ended_boot=note.ended_boot,
        source="note",
    )
    return msgspec.structs.replace(_ended(facts, record), rule="exit_note")


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
        return Outcome.LIMIT, "limit", _limit_reason(record)
    if record.stop and record.code != 0:
        by = record.stop.get("by") or "somebody"
        rung = record.stop.get("rung", "")
        at_once = record.stop.get("how") == "at once"
        how = ", killed at once" if at_once else ", and killed after the grace time"
        killed = how if rung == "kill" else ""
        return Outcome.STOPPED, "stopped", f"Stopped by {by}{killed}."
    if record.code == 0:
        return Outcome.SUCCEEDED, "succeeded", ""
    if record.signal is not None:
        reason = f"Killed by {signal_name(record.signal)}{_OOM.get(record.oom, '')}."
        return Outcome.KILLED, "killed", reason
    return Outcome.FAILED, "failed", f"Exited with code {record.code}."


def _limit_reason(record: ExitRecord) -> str:
    found = [limit for limit in LIMITS if limit.word == record.limit]
    if not found or record.limit_value is None:
        return f"Its {record.limit} limit ended it."
    value = limit_text(found[0].name, record.limit_value)
    return f"Its {record.limit} limit of {value} ended it."


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
    elif facts.pause is not None and facts.pause.paused:
        by = f" by {facts.pause.by}" if facts.pause.by else ""
        reason = f"Paused{by}: all its processes are frozen until it is resumed."
        return _running(facts, RunState.PAUSED, "paused", reason)
    elif facts.control.pause:
        reason = "It was asked to pause where it next can."
        return _running(facts, RunState.PAUSED, "paused", reason)
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
    if facts.note is not None and not _lives(facts, child):
        reason = "It has ended, but its supervisor died before it could record how."
        return _running(facts, RunState.ORPHANED, "exit_note", reason)
    if child.boot_id != facts.boot_id:
        return _lost(facts, "lost_reboot", "The machine was restarted while it ran.")
    if child.pid_ns != facts.pid_ns:
        reason = "It ran in another container, or its supervisor died there."
        return _lost(facts, "lost_or_foreign", reason)
    if _lives(facts, child):
        return _orphaned(facts, "same_process")
    reason = "Its supervisor died with it, and no exit record was written."
    return _lost(facts, "lost", reason)


def _lives(facts: Facts, child: ChildRecord) -> bool:
    """Whether the process that has the job's pid here and now is the job."""
    here = (child.boot_id, child.pid_ns) == (facts.boot_id, facts.pid_ns)
    return here and child.ticks is not None and child.ticks == facts.child_ticks


def _orphaned(facts: Facts, rule: str) -> Verdict:
    frozen = facts.pause is not None and facts.pause.paused
    how = "It is paused" if frozen else "It still runs"
    reason = f"{how}, but its supervisor has died."
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
