"""What a doctor has found in a home folder, and what it came to."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from ...redaction import safe_text

LONGEST = 500
"""Characters of a sentence or of a path that are kept: names may be anything."""

SETS_ASIDE = "`opsdash doctor --fix` moves it to set-aside/."
"""What is done about most of what does not belong where it is."""

Tell = Callable[[str, int, int], None]
"""Hears how far a look has come: of what, how many are done, how many there are."""


class Severity(enum.StrEnum):
    """How bad a finding is, from most to least."""

    ERROR = "error"
    """Something does not work, or shows what is not true."""
    WARNING = "warning"
    """It works, and may fail or mislead."""
    NOTE = "note"
    """Worth knowing; a home with nothing else is whole."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong with a home folder.

    Attributes:
        kind: one word for a program, the same for findings of a kind.
        where: the path below the home folder; absolute for what lies elsewhere.
        what: what is wrong, one sentence.
        severity: how bad it is.
        next_step: what to do, one sentence.
        fixable: ``fix`` can repair it.
        fixed: what was done about it, one sentence; empty where nothing was.
    """

    kind: str
    where: str
    what: str
    severity: Severity
    next_step: str
    fixable: bool = False
    fixed: str = ""

    @property
    def remains(self) -> bool:
        """Whether the home is not whole because of it."""
        return not self.fixed and self.severity is not Severity.NOTE


class Counts(msgspec.Struct, kw_only=True):
    """What was looked at.

    Attributes:
        runs: run directories.
        live: those of them of which the run goes on or waits.
        groups: records of groups.
        presets: one's own presets.
        registry: there is a registry.
    """

    runs: int = 0
    live: int = 0
    groups: int = 0
    presets: int = 0
    registry: bool = False


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A look at a home folder, or its repair.

    Attributes:
        home: the home folder.
        looked_at: what was looked at.
        findings: what was found, in the order in which it was.
        seconds: how long it took.
    """

    home: str
    looked_at: Counts
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong any more."""
        return not any(finding.remains for finding in self.findings)


class Trouble(NamedTuple):
    """A finding and its repair.

    Attributes:
        finding: what is wrong.
        repair: repairs it and says in one sentence what it did; raises ``OSError`` or
            ``OpsdashError`` where it cannot. It looks again before it acts: others
            work in the same home.
    """

    finding: Finding
    repair: Callable[[], str] | None = None


def trouble(
    kind: str,
    where: str,
    what: str,
    next_step: str,
    *,
    severity: Severity = Severity.WARNING,
    repair: Callable[[], str] | None = None,
) -> Trouble:
    """A finding whose texts are safe to show, whatever names they hold."""
    finding = Finding(
        kind=kind,
        where=safe_text(_text(where), LONGEST),
        what=safe_text(_text(what), LONGEST),
        severity=severity,
        next_step=next_step,
        fixable=repair is not None,
    )
    return Trouble(finding, repair)


def _text(name: str) -> str:
    """A name of bytes that are no UTF-8 as text that every output takes."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
