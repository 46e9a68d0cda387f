"""From a run directory to the ``Run`` that everybody sees."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from ..errors import RunGone
from ..follow.holes import last_end
from ..model import Outcome, Run, RunState, Verdict
from ..rundir import read_spec, read_verdict
from ..rundir.files import open_if_ours, opened_dir, readable
from .explanation import TAIL, explain, is_explained_by_output

GONE_WHILE_ACTIVE = "Its folder was deleted while it ran, so nobody knows how it ended."

DOUBTFUL = (None, Outcome.LOST, Outcome.ENDED_UNKNOWN)
"""Outcomes that are read again: no exit record vouches for them."""


def read_run(run_dir: Path, known: Run | None = None) -> Run:
    """A run as its directory tells it now.

    Args:
        run_dir: the run directory.
        known: what was read earlier; a request never changes, nor an end.

    Raises:
        RunGone: the directory is not there, or is none of a run.
        RunUnreadable: it cannot be read now.
    """
    if known and known.verdict.outcome not in DOUBTFUL:
        return known
    spec = known.spec if known else read_spec(run_dir)
    explanation = ""
    with readable(run_dir):
        verdict = read_verdict(run_dir)
        if known and known.is_terminal and not _tells_more(verdict, known.verdict):
            return known
        if is_explained_by_output(verdict):
            explanation = explain(spec, output_tail(run_dir))
    return Run(
        spec=spec, verdict=verdict, run_dir=str(run_dir), explanation=explanation
    )


def folder_of(run: Run) -> Path:
    """The run directory of a run.

    Raises:
        RunGone: it is not there.
    """
    path = Path(run.run_dir)
    if path.is_symlink() or not path.is_dir():
        raise RunGone(
            f"The folder of run {run.run_id} is not there any more.",
            "What the registry knows of it is still shown; its log cannot be.",
        )
    return path


def output_tail(run_dir: Path) -> str:
    """The last ``TAIL`` bytes of a run's output behind what was cut out, as text.

    Raises:
        OSError: it cannot be read now.
    """
    with opened_dir(run_dir) as dir_fd:
        fd = open_if_ours(dir_fd, "output.log")
        if fd is None:
            return ""
        try:
            start = max(0, os.fstat(fd).st_size - TAIL)
            data = os.pread(fd, TAIL, start)
            # Looked at last: a hole is recorded before it is there.
            cut = max(0, last_end(dir_fd, os.fstat(fd).st_size) - start)
        finally:
            os.close(fd)
        return data[cut:].decode("utf-8", "replace")


def gone(run: Run) -> Run:
    """A run whose directory has vanished: what was known, and lost if it was active."""
    if run.is_terminal:
        return run
    verdict = msgspec.structs.replace(
        run.verdict,
        state=RunState.FINISHED,
        outcome=Outcome.LOST,
        rule="directory_gone",
        reason=GONE_WHILE_ACTIVE,
    )
    return msgspec.structs.replace(run, verdict=verdict)


def differs(old: Run, new: Run) -> bool:
    """Whether a view of the run would change (its ticking duration does not count)."""
    return not (old.spec == new.spec and _same(old.verdict, new.verdict))


def _tells_more(new: Verdict, old: Verdict) -> bool:
    """Whether a doubtful end is to be replaced.

    Whoever ends what a lost run has left holds its lock: that run lives no more.
    """
    is_over = old.rule in ("lost", "exit_unreadable")
    return not _same(old, new) and (new.state.is_terminal or not is_over)


def _same(old: Verdict, new: Verdict) -> bool:
    return old == msgspec.structs.replace(new, duration=old.duration)
