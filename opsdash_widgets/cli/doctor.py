"""``opsdash doctor``: what is wrong with the home folder, and its repair."""

from __future__ import annotations

import argparse
import getpass
import sys
import time
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..core.service.doctoring.findings import Finding, Report

ALIKE = 5
"""Findings of one kind that are told one by one."""
PATIENCE_S = 1.0
"""How long a look may take before a terminal is told how far it has come."""
TOLD_EVERY_S = 0.2

_WIDTH = 9
"""Columns of the first word of a finding."""


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
) -> argparse.ArgumentParser:
    """Describe the command."""
    words = "look at the home folder, and repair it"
    parser = subparsers.add_parser(
        "doctor",
        help=words,
        description=f"{words.capitalize()}. Nothing that lives is touched, and nothing "
        "but caches is deleted: what does not belong where it is goes to set-aside/.",
        epilog="Exits with 1 where something is wrong, or is left so.",
    )
    parser.add_argument(
        "--fix", action="store_true", help="repair what can be repaired"
    )
    parser.add_argument("--json", action="store_true", help="as a JSON object")
    return parser


def run(args: argparse.Namespace) -> int:
    """Look at the home folder, repairing it where that was asked for."""
    from ..core.model import Actor
    from ..core.service import open_doctor
    from .session import project_folder
    from .terminal import emit_json

    actor = Actor(name=getpass.getuser(), origin="terminal")
    doctor = open_doctor(project_folder(args), actor)
    progress = _Progress()
    try:
        report = doctor.fix(progress) if args.fix else doctor.look(progress)
    finally:
        progress.close()
    if args.json:
        emit_json(_json(report))
    else:
        _write(report)
    return 0 if report.is_whole else 1


def _json(report: Report) -> dict[str, Any]:
    import msgspec

    fields: dict[str, Any] = msgspec.to_builtins(report)
    return {**fields, "whole": report.is_whole}


def _write(report: Report) -> None:
    from .terminal import heading

    print(heading(report.home))
    print(f"{_looked_at(report)}: {_verdict(report.findings)}.")
    for _, alike in groupby(
        sorted(report.findings, key=_order), lambda one: (one.kind, bool(one.fixed))
    ):
        _write_alike(list(alike))


def _order(finding: Finding) -> tuple[bool, int, str, str]:
    """What is left before what was repaired, what is worse before what is not."""
    from ..core.service.doctoring.findings import Severity

    severity = list(Severity).index(finding.severity)
    return bool(finding.fixed), severity, finding.kind, finding.where


def _write_alike(findings: Sequence[Finding]) -> None:
    for one in findings[:ALIKE]:
        word = "repaired" if one.fixed else str(one.severity)
        print(f"\n{_tone(word)}{' ' * (_WIDTH - len(word))}{one.where}")
        for text in (one.what, one.fixed or one.next_step):
            print(f"{' ' * _WIDTH}{text}")
    more = len(findings) - ALIKE
    if more > 0:
        print(f"\n{' ' * _WIDTH}… and {more:,} more of the kind (--json has them all).")


def _tone(word: str) -> str:
    from .terminal import coloured

    tones = {"repaired": "succeeded", "warning": "paused", "note": "stopped"}
    return coloured(word, tones.get(word, word))


def _looked_at(report: Report) -> str:
    seen = report.looked_at
    parts = [_count(seen.runs, "run directory", "run directories")]
    parts += ["the registry"] if seen.registry else []
    parts += [_count(seen.groups, "group", "groups")] if seen.groups else []
    parts += [_count(seen.presets, "preset", "presets")] if seen.presets else []
    return ", ".join(parts)


def _verdict(findings: Sequence[Finding]) -> str:
    return ", ".join(_counted(findings)) or "nothing to repair"


def _counted(findings: Sequence[Finding]) -> Iterator[str]:
    fixed = sum(bool(one.fixed) for one in findings)
    if fixed:
        yield f"{fixed:,} repaired"
    for word in ("error", "warning", "note"):
        count = sum(one.severity == word and not one.fixed for one in findings)
        if count:
            yield _count(count, word, f"{word}s")


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


class _Progress:
    """One line on a terminal that says how far a long look has come."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._told = 0.0

    def __call__(self, what: str, done: int, of: int) -> None:
        """Hear how far it has come."""
        now = time.monotonic()
        late = now - self._begun > PATIENCE_S and now - self._told > TOLD_EVERY_S
        if late and sys.stderr.isatty():
            self._told = now
            sys.stderr.write(f"\r\x1b[K{done:,} of {of:,} {what} …")
            sys.stderr.flush()

    def close(self) -> None:
        """Take the line away."""
        if self._told:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
