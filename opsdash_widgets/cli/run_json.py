"""A run as the JSON that ``ps`` and ``show`` print."""

from __future__ import annotations

from typing import Any

import msgspec

from ..core.model import Run
from ..core.redaction import safe_text
from .provenance import provenance_json


def run_json(run: Run) -> dict[str, Any]:
    """A run as builtins; times are seconds since the epoch, durations seconds.

    Secrets are masked; names, paths and arguments are as they are.
    """
    spec, verdict = run.spec, run.verdict
    return {
        "run_id": run.run_id,
        "module": spec.module,
        "state": str(verdict.state),
        "outcome": str(verdict.outcome) if verdict.outcome else None,
        "exit_code": verdict.exit_code,
        "signal": verdict.signal,
        "reason": safe_text(verdict.reason),
        "explanation": safe_text(run.explanation),
        "rule": verdict.rule,
        "rung": verdict.rung,
        "pid": verdict.pid,
        "run_dir": run.run_dir,
        "created": spec.created,
        "started": verdict.started,
        "ended": verdict.ended,
        "duration": verdict.duration,
        "argv": list(spec.argv),
        "interpreter": spec.interpreter,
        "cwd": spec.cwd,
        "environment": spec.environment,
        "variables": spec.variables,
        "user": spec.user,
        "requested_by": spec.requested_by,
        "launched_by": spec.owner,
        "host": spec.host,
        "executor": spec.executor,
        "group": spec.group,
        "limits": spec.limits,
        "limit": verdict.limit or None,
        "source": verdict.source or None,
        "paused_s": verdict.paused_s,
        "resources": verdict.totals and msgspec.to_builtins(verdict.totals),
        "provenance": provenance_json(spec.provenance),
    }
