"""How each fault is injected: a script for each, driven step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .case import Case
from .processes import now

EARLY_S = 0.09
"""From the run directory to a little after the job's first line."""
MIDDLE_S = 0.5
LATE_S = 0.012
"""From the job's last word to a little after its supervisor's."""
LAUNCH_S = 0.08
"""From the order to launch to a little after its answer."""
ATTACHED_S = 0.4
"""After it has signed the lock an adopter holds the process by then."""
FROZEN_S = 1.0
"""By then a pause that was asked for has frozen everything."""

Script = Iterator[None]


def script(case: Case) -> Script:
    """What is done to a run."""
    return SCRIPTS[case.plan.fault](case)


def _nothing(_: Case) -> Script:
    yield from ()


def _at_its_start(case: Case) -> Script:
    yield from case.until(lambda: case.run_dir)
    yield from case.after(case.plan.moment * EARLY_S)
    yield from case.until(lambda: case.owner or case.launch_answer.is_over)
    case.kill_owner()


def _in_the_middle(case: Case) -> Script:
    yield from case.until(lambda: case.said("start"))
    yield from case.after(case.plan.moment * MIDDLE_S)
    case.kill_owner()


def _at_the_end(case: Case) -> Script:
    yield from case.until(lambda: case.said("end"))
    moment = now() + case.plan.moment * LATE_S
    while now() < moment:  # too short for a turn of the others
        pass
    case.kill_owner()


def _with_adopters(case: Case) -> Script:
    yield from _in_the_middle(case)
    for _ in range(case.plan.again):
        yield from _until_adopted(case)
        yield from case.after(case.plan.moment * ATTACHED_S)
        case.kill_owner()


def _until_adopted(case: Case) -> Script:
    def adopted() -> bool:
        case.look()
        return case.history.owners[-1].killed is None

    if case.history.owners:
        yield from case.until(adopted)


def _job(case: Case) -> Script:
    yield from case.until(lambda: case.job)
    yield from case.after(case.plan.moment * MIDDLE_S)
    case.kill_job()


def _orphans_job(case: Case) -> Script:
    yield from _in_the_middle(case)
    yield from _until_adopted(case)
    yield from case.after(ATTACHED_S)
    case.kill_job()


def _all_at_once(case: Case) -> Script:
    yield from case.until(lambda: case.job)
    yield from case.after(case.plan.moment * MIDDLE_S)
    case.kill_owner()
    case.kill_job()


def _launcher(case: Case) -> Script:
    yield from case.after(case.plan.moment * LAUNCH_S)
    assert case.session is not None
    if case.session in case.sessions.all:
        case.sessions.kill(case.session)
        case.history.launcher_killed = now()
        case.history.injected = True


def _stopped(case: Case) -> Script:
    yield from _until_stoppable(case)
    yield from _stop(case, kill_now=False)


def _until_stoppable(case: Case) -> Script:
    yield from case.until(lambda: case.run_dir)
    yield from case.after(case.plan.moment * MIDDLE_S)
    yield from case.until(lambda: case.owner)


def _stop(case: Case, *, kill_now: bool, number: int = 0) -> Script:
    if not case.has_ended:
        case.history.stops.append((now(), kill_now))
        case.history.injected = True
        yield from case.ask(number, do="stop", kill_now=kill_now)


def _stopped_by_two(case: Case) -> Script:
    yield from _until_stoppable(case)
    both = [_stop(case, kill_now=False, number=number) for number in (0, 1)]
    while both:
        both = [one for one in both if next(one, 0) is None]
        yield


def _killed_now(case: Case) -> Script:
    yield from _until_stoppable(case)
    yield from _stop(case, kill_now=True)


def _orphan_stopped(case: Case) -> Script:
    yield from _in_the_middle(case)
    yield from case.after(case.plan.moment * FROZEN_S)
    yield from _stop(case, kill_now=case.plan.deaf or case.plan.moment > 0.5)


def _paused(case: Case) -> Script:
    yield from _pause_amid(case, lambda: False)


def _paused_orphan(case: Case) -> Script:
    yield from _pause_amid(case, case.kill_owner)


def _pause_amid(case: Case, between: Callable[[], bool]) -> Script:
    yield from case.until(lambda: case.said("start"))
    yield from case.after(case.plan.moment * MIDDLE_S / 2)
    if case.is_ending():
        return
    case.history.injected = True
    yield from case.ask(0, do="pause")
    yield from case.after(FROZEN_S)
    between()
    before, ended = len(case.notes), case.is_ending()
    yield from case.after(FROZEN_S / 2 + case.plan.moment)
    case.history.ran_while_paused = not ended and len(case.notes) > before
    yield from case.ask(1, do="resume")


SCRIPTS: dict[str, Callable[[Case], Script]] = {
    "none": _nothing,
    "supervisor killed at its start": _at_its_start,
    "supervisor killed in the middle": _in_the_middle,
    "supervisor killed at the job's end": _at_the_end,
    "supervisor and adopters killed": _with_adopters,
    "job killed": _job,
    "orphan's job killed": _orphans_job,
    "all of a run killed at once": _all_at_once,
    "launcher killed": _launcher,
    "stopped": _stopped,
    "stopped by two at once": _stopped_by_two,
    "killed now": _killed_now,
    "orphan stopped": _orphan_stopped,
    "paused": _paused,
    "paused, supervisor killed": _paused_orphan,
    "time limit": _nothing,
    "time limit of an orphan": _in_the_middle,
}
