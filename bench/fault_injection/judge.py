"""What may be said of a run, given what was done to it; and whether it is said.

The truth comes from the plan, the job's ledger and the injected signals. A code is
*knowable* where a living supervisor or adopter had hold of the process when it ended,
or where the job ended in a way that its interpreter hears of. Then nothing but the true
outcome is allowed; else ``lost`` and ``ended_unknown`` are allowed too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .case import Case
from .scripts import ATTACHED_S

UNKNOWN = ("lost", "ended_unknown")
NOTED = ("return", "exit", "raise", "_exit")
"""Ways to end of which the job's own interpreter writes a note."""
RACE_S = 0.1
"""A signal this shortly after the job's last word may have come too late."""


@dataclass(frozen=True)
class Finding:
    """What is wrong with a run; empty and 0 where nothing is.

    Attributes:
        wrong: a sentence.
        missing: bytes of output that are not there, or are not what was printed.
        unknowable: whether it is allowed to be lost, and is.
    """

    wrong: str = ""
    missing: int = 0
    unknowable: bool = False


def find(case: Case, shown: list[Any] | None, audited: int) -> Finding:
    """Judge one run by what a new session shows of it.

    Args:
        case: the run.
        shown: word, exit code, signal, reason and rule; ``None`` where it is unknown.
        audited: how many stops of it the audit log has.
    """
    if case.history.complaints:
        return Finding(f"a session refused: {case.history.complaints}")
    if case.run_dir is None:
        silent = case.said("start") is None
        right = case.launch_answer.lost and silent and shown is None
        return Finding("" if right else f"no run directory: {case.launch_answer.error}")
    if shown is None:
        return Finding("no session shows it")
    wrong = _against_record(case, shown) or _against_truth(case, shown)
    wrong = wrong or _against_requests(case, audited)
    unknowable = not wrong and shown[0] in UNKNOWN and case.said("start") is not None
    return Finding(wrong, _missing(case), unknowable)


def _against_record(case: Case, shown: list[Any]) -> str:
    """The faces say what stands in the exit record, and give a reason."""
    word, code, number, reason, _ = shown
    record = case.json("exit.json")
    if case.file("exit.json") is not None:
        if record is None:
            return "its exit record is garbage"
        told = (_word(record), record["code"], record["signal"])
        if told != (word, code, number):
            return f"shown as {(word, code, number)}, its record says {told}"
    elif word != "lost":
        return f"{word} without an exit record"
    if not reason and word != "succeeded":
        return f"{word} without a reason"
    return ""


def _word(record: dict[str, Any]) -> str:
    """The outcome of an exit record, as run-protocol has it."""
    code, number = record["code"], record["signal"]
    if record["exec_error"]:
        return "start_failed"
    if code is None and number is None:
        return "ended_unknown"
    if record["limit"]:
        return "limit"
    if record["stop"] and code != 0:
        return "stopped"
    if code == 0:
        return "succeeded"
    return "failed" if number is None else "killed"


def _against_truth(case: Case, shown: list[Any]) -> str:
    word, code, number, _, rule = shown
    if case.history.ran_while_paused:
        return "it went on while it was paused"
    if case.said("start") is None and not case.history.job_killed:
        begun = case.job is not None
        early = case.launch_answer.lost or _first_owner_killed(case)
        allowed = {"stopped"} if case.history.stops else set()
        allowed |= {"lost"} if early else set()
        allowed |= {"limit"} if case.plan.limits else set()
        right = word in allowed
        return "" if right else f"{word} ({rule}), never begun (process: {begun})"
    options = _options(case)
    if (word, code, number) in options or (word, None, None) in options:
        return ""
    if word in UNKNOWN and not _is_knowable(case):
        return ""
    knowable = _is_knowable(case)
    return (
        f"{word} {code} {number} ({rule}), not {sorted(map(str, options))}{knowable=}"
    )


def _options(case: Case) -> set[tuple[str, int | None, int | None]]:
    """The true outcomes: more than one where two things met."""
    history, end = case.history, case.said("end")
    natural = _natural(case)
    if case.plan.limits:
        return {("limit", None, None)} | ({natural} if end else set())
    if history.job_killed:
        late = end is not None and end["at"] < history.job_killed + RACE_S
        return {("killed", None, 9)} | ({natural} if late else set())
    if history.stops:
        options = {("stopped", 143, None), ("stopped", None, 15), ("stopped", None, 9)}
        if end:
            word = "succeeded" if natural[1] == 0 else "stopped"
            options |= {natural, (word, *natural[1:])}
        return options
    return {natural} if end else set()


def _natural(case: Case) -> tuple[str, int | None, int | None]:
    if case.plan.how == "signal":
        return "killed", None, case.plan.code
    code = case.plan.code
    return ("succeeded" if code == 0 else "failed"), code, None


def _is_knowable(case: Case) -> bool:
    """Whether somebody had hold of it at its end, or it has told of it itself."""
    last = case.said("end") or case.said("terminated")
    noted = case.said("terminated") is not None or case.plan.how in NOTED
    if last and noted and not case.history.job_killed:
        return not any(kill_now for _, kill_now in case.history.stops)
    moments = [case.history.job_killed, last["at"] if last else None]
    moments += [at for at, _ in case.history.stops]
    end = min((at for at in moments if at), default=case.ended)
    return _was_owned(case, end)


def _was_owned(case: Case, moment: float) -> bool:
    """Whether somebody who was never killed had hold of the process at a moment."""
    owners = case.history.owners
    return any(
        one.killed is None and (one is owners[0] or one.since + ATTACHED_S < moment)
        for one in owners
    )


def _first_owner_killed(case: Case) -> bool:
    owners = case.history.owners
    return bool(owners) and owners[0].killed is not None


def _against_requests(case: Case, audited: int) -> str:
    """Every stop is in the audit log, and two are one ladder."""
    history = case.history
    heard = [one for one in history.answered if one.value and not one.error]
    if not len(heard) <= audited <= len(history.answered):
        return f"{len(heard)} stops, {audited} in the audit log"
    if not any(owner.killed for owner in history.owners):
        lines = (case.file("ladder.jsonl") or b"").splitlines()
        if len(lines) != len({line.split(b'"at"')[0] for line in lines}):
            return f"more than one ladder: {lines}"
    return ""


def _missing(case: Case) -> int:
    """Bytes that were printed and are not there, or that are there and were not."""
    log, intended = case.file("output.log") or b"", case.intended
    printed = case.said("printed")
    least = printed["size"] if printed else 0
    if case.said("end") and not (case.history.job_killed or case.history.stops):
        least = len(intended)
    same = _common(log, intended)
    return max(0, least - same) + max(0, len(log) - same)


def _common(one: bytes, other: bytes) -> int:
    """How many bytes two have in common from their start."""
    pairs = enumerate(zip(one, other, strict=False))
    least = min(len(one), len(other))
    if one[:least] == other[:least]:
        return least
    return next(place for place, (a, b) in pairs if a != b)
