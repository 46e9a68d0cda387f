"""Looks at a home folder and repairs it, while others work in it."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from ..errors import OpsdashError
from ..model import Actor, Capability
from ..ports import Executor
from .audit import AuditLog
from .doctoring import surroundings
from .doctoring.cgroups import examine_cgroups, run_cgroups
from .doctoring.findings import Counts, Finding, Report, Tell, Trouble
from .doctoring.groups import examine_groups
from .doctoring.home import Home
from .doctoring.kept import examine_cache, examine_packages, examine_presets
from .doctoring.layout import GROUPS, LOGS, examine_folder, home_layout
from .doctoring.registry import RegistryCheck
from .doctoring.rows import read_rows
from .doctoring.run_dirs import RunDirs
from .gate import require

ROUNDS = 4
"""How often a home is looked at while repairs uncover what was hidden by what they
repaired; the last look says what is left."""


class Doctor:
    """The doctor of one home folder, for one actor; ``service.doctor``.

    It needs nothing that it repairs: neither the registry nor the settings must be
    readable, nor the folder in order.

    Args:
        home: the home folder; it need not be there.
        project: the project's folder; found from the working directory where None.
        actor: who asks; an admin where something shall be repaired.
        audit: hears of every repair.
        executor: what gives an orphan a new supervisor.
    """

    def __init__(
        self,
        home: Path,
        project: Path | None,
        actor: Actor,
        audit: AuditLog,
        executor: Executor,
    ) -> None:
        self._path = home
        self._project = project
        self._actor = actor
        self._audit = audit
        self._executor = executor

    def look(self, tell: Tell | None = None) -> Report:
        """Say what is wrong; nothing is changed.

        Args:
            tell: hears how far it has come.

        Raises:
            PermissionDenied: the actor may not see it.
        """
        require(self._actor, Capability.SEE)
        return _Examination(self, tell, repairing=False).report()

    def fix(self, tell: Tell | None = None) -> Report:
        """Repair what can be repaired, and say what was done and what is left.

        What lives is never touched, and nothing is deleted but caches: what does not
        belong where it is is moved to ``set-aside/<time>/`` in the home.

        Args:
            tell: hears how far it has come.

        Raises:
            PermissionDenied: the actor may not.
        """
        try:
            require(self._actor, Capability.MAINTAIN)
        except OpsdashError as error:
            self._audit.record(self._actor, "doctor", type(error).__name__)
            raise
        begun = time.monotonic()
        fixed: dict[tuple[str, str], Finding] = {}
        for _ in range(ROUNDS):
            report = _Examination(self, tell, repairing=True).report()
            new = {_key(one): one for one in report.findings if one.fixed}
            fixed |= new
            if not new:
                break
        left = [one for one in report.findings if not one.fixed]
        done = [one for key, one in fixed.items() if key not in set(map(_key, left))]
        self._record(done, left)
        return msgspec.structs.replace(
            report,
            findings=(*done, *left),
            seconds=time.monotonic() - begun,
        )

    def _is_ours(self) -> bool:
        try:
            return self._path.stat().st_uid == os.geteuid() and self._path.is_dir()
        except OSError:
            return False

    def _record(self, done: list[Finding], left: list[Finding]) -> None:
        for one in done:
            self._audit.record(
                self._actor, "repair", one.fixed, kind=one.kind, where=one.where
            )
        if not self._is_ours():
            return  # nothing shall come of it in a home that is none, or another's
        outcome = f"{len(done)} repaired, {len(left)} left"
        self._audit.record(self._actor, "doctor", outcome, home=str(self._path))


class _Examination:
    """One look at the whole home, repairing on the way or not."""

    def __init__(self, doctor: Doctor, tell: Tell | None, *, repairing: bool) -> None:
        self._doctor = doctor
        self._path = doctor._path
        self._tell: Tell = tell or (lambda what, done, of: None)
        self._repairing = repairing
        self._counts = Counts()

    def report(self) -> Report:
        """Look at everything, one part after the other."""
        begun = time.monotonic()
        findings = tuple(map(self._treated, self._troubles()))
        return Report(
            home=str(self._path),
            looked_at=self._counts,
            findings=findings,
            seconds=time.monotonic() - begun,
        )

    def _troubles(self) -> Iterator[Trouble]:
        """Each part is looked at when the one before it is repaired."""
        try:
            home = Home(self._path)
        except FileNotFoundError:
            return  # it is made when it is first used
        except OSError as error:
            yield surroundings.home_cannot_be_opened(self._path, error)
            return
        with contextlib.closing(home):
            yield from surroundings.examine_home(home)
            self._repairing = self._repairing and home.is_ours
            if home.is_usable:  # else all that is in it would seem broken
                yield from self._parts(home)

    def _parts(self, home: Home) -> Iterator[Trouble]:
        setting = surroundings.read_settings(self._path, self._doctor._project)
        yield from setting.troubles
        files = (*setting.files, setting.runs_db.parent)
        below = [one for one in files if one.is_relative_to(self._path)]
        named = {
            one.relative_to(self._path).parts[0] for one in below if one != self._path
        }
        yield from examine_folder(home, home_layout(setting.runs_db.name, named))
        for layout in (LOGS, GROUPS):
            yield from examine_folder(home, layout)
        rows = read_rows(setting.runs_db)
        self._counts.registry = rows.state != "missing"
        cgroups = run_cgroups()
        run_dirs = RunDirs(
            home, rows, self._doctor._executor, cgroups, self._counts, self._tell
        )
        yield from run_dirs.examine()
        yield from examine_groups(home, run_dirs.walk)
        yield from examine_presets(home, self._counts)
        yield from examine_packages(home)
        yield from examine_cache(home)
        yield from examine_cgroups(home, run_dirs.walk, cgroups)
        yield from RegistryCheck(home, rows, run_dirs.walk, self._tell).examine()

    def _treated(self, found: Trouble) -> Finding:
        finding, repair = found
        if repair is None or not self._repairing:
            return finding
        try:
            said = repair()
        except FileNotFoundError:
            said = "It was gone, or somebody else had repaired it."
        except (OSError, OpsdashError) as error:
            return _not_repaired(finding, error)
        return msgspec.structs.replace(finding, fixed=said)


def _not_repaired(finding: Finding, error: OSError | OpsdashError) -> Finding:
    if isinstance(error, OpsdashError):
        step = f"It could not be repaired: {error}"
    else:
        step = f"It could not be repaired: {error.strerror}. Repair it by hand."
    return msgspec.structs.replace(finding, next_step=step)


def _key(finding: Finding) -> tuple[str, str]:
    return finding.kind, finding.where
