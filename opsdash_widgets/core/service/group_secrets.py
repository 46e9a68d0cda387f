"""The secret values of runs that wait: in this session's memory, in no file."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from ..errors import OpsdashError
from ..model import LaunchRequest, RunSpec
from .launcher import Launcher


class Secrets(NamedTuple):
    """The secret values of one run.

    Attributes:
        arguments: (place in the argv, value).
        variables: name -> value.
    """

    arguments: tuple[tuple[int, str], ...] = ()
    variables: Mapping[str, str] = MappingProxyType({})


class KnownSecrets:
    """The secret values that this session can give to the runs which it starts."""

    def __init__(self, launcher: Launcher) -> None:
        self._launcher = launcher
        self._known: dict[str, Mapping[str, Secrets]] = {}

    def keep(self, group_id: str, secrets: Mapping[str, Secrets]) -> None:
        """Remember those of a group: run id -> values."""
        if any(one != Secrets() for one in secrets.values()):
            self._known[group_id] = secrets

    def knows(self, group_id: str) -> bool:
        """Whether this session was given those of a group."""
        return group_id in self._known

    def of(self, spec: RunSpec) -> Secrets | None:
        """Those of a request; None where they are not known here.

        Secret variables of a named environment stand in its configuration, and are
        read there again.
        """
        if not spec.secret_names:
            return Secrets()
        held = self._known.get(spec.group, {}).get(spec.run_id)
        if held is not None:
            return held
        if any(name.startswith("argument ") for name in spec.secret_names):
            return None
        request = LaunchRequest(module=spec.module, environment=spec.environment)
        try:
            variables = self._launcher.environment(request).variables
        except OpsdashError:
            return None
        if not variables.keys() >= set(spec.secret_names):
            return None
        return Secrets((), {name: variables[name] for name in spec.secret_names})
