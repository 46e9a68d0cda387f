"""Where a run comes from, as ``show`` and its JSON tell it."""

from __future__ import annotations

from typing import Any

import msgspec

from ..core.provenance import GitState, read_provenance

SHORT = 12
"""Digits of a commit or a digest that are shown: they tell one from another."""


def provenance_facts(recorded: dict[str, Any]) -> list[tuple[str, str]]:
    """Names and words; empty words for what is not known."""
    known = read_provenance(recorded)
    python, packages = known.interpreter, known.packages
    installed = f"{packages.count} ({packages.digest[:SHORT]})"
    return [
        ("commit", _commit_words(known.git) if known.git else ""),
        ("repository", known.git.root if known.git else ""),
        ("python", f"{python.implementation} {python.version}".strip()),
        ("packages", installed if packages.digest else ""),
    ]


def provenance_json(recorded: dict[str, Any]) -> dict[str, Any]:
    """The whole of it as builtins, its texts safe to show."""
    return dict(msgspec.to_builtins(read_provenance(recorded)))


def _commit_words(git: GitState) -> str:
    where = f" on {git.branch}" if git.branch else ""
    state = {True: ", dirty", False: "", None: ", not known whether dirty"}[git.dirty]
    note = f" ({git.note.rstrip('.')})" if git.note else ""
    return f"{git.commit[:SHORT] or 'no commit'}{where}{state}{note}"
