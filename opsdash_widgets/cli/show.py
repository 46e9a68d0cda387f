"""``opsdash show RUN``: everything about one run."""

from __future__ import annotations

import argparse
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..core.model import Run, Totals
    from ..core.rundir import Rung
    from ..core.service import Service


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
) -> argparse.ArgumentParser:
    """Describe the command."""
    words = "tell everything about one run"
    parser = subparsers.add_parser("show", help=words, description=words.capitalize())
    parser.add_argument("run_id", metavar="RUN", help="its id, or an end of it")
    parser.add_argument("--json", action="store_true", help="as a JSON object")
    return parser


def run(args: argparse.Namespace) -> int:
    """Show the run."""
    from ..core.errors import RunGone
    from .group_show import show_group
    from .group_stop import is_group
    from .run_json import run_json
    from .session import opened_service
    from .terminal import emit_json

    with opened_service(args) as service:
        if is_group(service, args.run_id):
            return show_group(service, args.run_id, as_json=args.json)
        found = service.run(args.run_id)
        try:
            found = _with_use_so_far(service, found)
            rungs = service.stop_rungs(found.run_id)
        except RunGone:
            rungs = []
    if args.json:
        stop = [{"rung": r.rung, "at": r.at, "signalled": r.signalled} for r in rungs]
        emit_json({**run_json(found), "stop": stop})
    else:
        _write(found, rungs)
    return 0


def _with_use_so_far(service: Service, found: Run) -> Run:
    """With what a run that goes on has used: no record of its end holds that yet."""
    from msgspec.structs import replace

    use = None if found.is_terminal else service.resources(found.run_id, 1)
    if use is None or not use.samples:
        return found
    return replace(found, verdict=replace(found.verdict, totals=use.totals))


def _write(found: Run, rungs: list[Rung]) -> None:
    from ..core.redaction import safe_text
    from .terminal import coloured, heading

    facts = [(name, safe_text(value)) for name, value in _facts(found) if value]
    facts += [("stop", _rung_words(rung)) for rung in rungs]
    width = max(len(name) for name, _ in facts)
    title = f"{found.spec.module}  {found.run_id}"
    print(f"{heading(safe_text(title))}  {coloured(found.word, found.word)}")
    for name, value in facts:
        first, *rest = value.splitlines() or [""]
        print(f"  {name:<{width}}  {first}")
        for line in rest:
            print(f"  {'':<{width}}  {line}")


def _facts(found: Run) -> list[tuple[str, str]]:
    from .provenance import provenance_facts
    from .run_limits import limits_text
    from .times import duration

    spec, verdict = found.spec, found.verdict
    return [
        ("why", found.explanation),
        ("reason", verdict.reason),
        ("exit code", "" if verdict.exit_code is None else str(verdict.exit_code)),
        ("signal", "" if verdict.signal is None else str(verdict.signal)),
        ("started", _moment(verdict.started)),
        ("ended", _moment(verdict.ended)),
        ("took", duration(verdict.duration)),
        ("paused for", duration(verdict.paused_s) if verdict.paused_s else ""),
        ("limits", limits_text(spec.limits)),
        ("used", totals_text(verdict.totals)),
        ("arguments", shlex.join(spec.argv)),
        ("environment", spec.environment),
        ("interpreter", spec.interpreter),
        *provenance_facts(spec.provenance),
        ("folder", spec.cwd),
        ("variables", "\n".join(f"{k}={v}" for k, v in spec.variables.items())),
        ("asked by", spec.requested_by),
        ("launched by", spec.owner if spec.owner != spec.requested_by else ""),
        ("user", f"{spec.user} on {spec.host}"),
        ("pid", "" if verdict.pid is None else str(verdict.pid)),
        ("hidden", ", ".join(spec.secret_names)),
        ("directory", found.run_dir),
        ("log", f"opsdash logs {found.run_id}"),
    ]


def totals_text(totals: Totals | None) -> str:
    """What a run has used of the machine, in one line."""
    if totals is None:
        return ""
    from .times import size_text

    count = totals.peak_processes
    processes = "1 process" if count == 1 else f"{count} processes"
    return (
        f"{totals.cpu_s:.1f} s of processor time, memory up to "
        f"{size_text(totals.peak_rss)}, {size_text(totals.read_bytes)} read, "
        f"{size_text(totals.write_bytes)} written, up to {processes}"
    )


def _moment(moment: float | None) -> str:
    from .times import ago, exact

    return "" if moment is None else f"{exact(moment)} ({ago(moment)})"


def _rung_words(rung: Rung) -> str:
    from .ladder import rung_words
    from .times import exact

    return f"{exact(rung.at)}  {rung_words(rung)}"
