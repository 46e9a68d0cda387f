"""Running once more what of a group has failed: a new group that refers to it."""

from __future__ import annotations

import time

import msgspec

from .. import rundir
from ..errors import LaunchError, ValuesError
from ..groups import new_group_id
from ..model import (
    Actor,
    Environment,
    LaunchRequest,
    Outcome,
    Run,
    RunGroup,
    RunSpec,
)
from ..settings import Settings
from . import launching
from .group_launching import GroupLauncher, Queued, checked_limit, this_process
from .group_reading import GroupReader
from .group_secrets import KnownSecrets, Secrets
from .launcher import Launcher


class Rerunner:
    """Queues runs of a group once more, for one actor."""

    def __init__(
        self,
        settings: Settings,
        actor: Actor,
        launcher: Launcher,
        maker: GroupLauncher,
        reader: GroupReader,
        secrets: KnownSecrets,
    ) -> None:
        self._settings = settings
        self._actor = actor
        self._launcher = launcher
        self._maker = maker
        self._reader = reader
        self._secrets = secrets

    def queue(
        self, first: RunGroup, *, stopped: bool, limit: int | None, confirmed: bool
    ) -> Queued:
        """Queue what has failed of a group and its re-runs, and note it in the group.

        Raises:
            ValuesError: nothing has.
            ConfirmationNeeded: a launch would have to be confirmed.
            LaunchError: it cannot be queued, or secret values are not known here.
        """
        rows = [
            (row.run, row.point)
            for row in self._reader.table(first)
            if row.run is not None and _has_failed(row.run, stopped=stopped)
        ]
        if not rows:
            sentence = f"Nothing of group {first.group_id} has failed."
            raise ValuesError(sentence, {"": sentence})
        self._confirm(first, confirmed=confirmed)
        secrets = [self._secrets_again(run.spec) for run, _ in rows]
        group = RunGroup(
            group_id=new_group_id(),
            module=first.module,
            title=first.title,
            fields=first.fields,
            limit=first.limit if limit is None else checked_limit(limit),
            created=time.time(),
            requested_by=self._actor.name,
            launched_by=self._actor.name,
            environment=first.environment,
            again=first.group_id,
            holder=this_process() if first.holder else "",
        )
        return self._maker.queue(
            group,
            self._again([run.spec for run, _ in rows]),
            [point for _, point in rows],
            secrets,
            [run.run_id for run, _ in rows],
        )

    def _confirm(self, group: RunGroup, *, confirmed: bool) -> None:
        """Ask as a launch would."""
        request = LaunchRequest(
            module=group.module, environment=group.environment, confirmed=confirmed
        )
        environment = self._launcher.environment(request)
        packages = self._settings.runners_package
        launching.confirm(request, environment, self._actor, packages)

    def _again(self, specs: list[RunSpec]) -> list[RunSpec]:
        """The same requests as they would be made now, by this actor."""
        first = specs[0]  # all of a group have one module, one Python and one folder
        place = Environment(
            interpreter=first.interpreter, cwd=first.cwd, variables=first.variables
        )
        provenance = self._launcher.collect(first.module, place).result()
        return [
            msgspec.structs.replace(
                spec,
                run_id=rundir.new_run_id(),
                created=time.time(),
                requested_by=self._actor.name,
                launched_by=self._actor.name,
                provenance=provenance,
            )
            for spec in specs
        ]

    def _secrets_again(self, spec: RunSpec) -> Secrets:
        secrets = self._secrets.of(spec)
        if secrets is None:
            raise LaunchError(
                "Secret values are not stored, and this session does not know them.",
                "Launch the sweep again and give them there.",
            )
        return secrets


def _has_failed(run: Run, *, stopped: bool) -> bool:
    outcome = run.verdict.outcome
    if outcome is Outcome.STOPPED:
        return stopped
    return outcome not in (None, Outcome.SUCCEEDED)
