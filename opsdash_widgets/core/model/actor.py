"""Who acts, and what each role may do."""

from __future__ import annotations

import enum

import msgspec


class Capability(enum.StrEnum):
    """One thing that an actor may or may not do; the gate checks nothing else."""

    SEE = "see"
    LAUNCH = "launch"
    LAUNCH_ANY_MODULE = "launch any module"
    STOP = "stop"
    CONTROL_OTHERS = "stop runs of others"
    KILL_PROCESS = "kill processes by their number"
    EDIT_PRESETS = "edit presets"
    EDIT_CONFIG = "edit the configuration"
    MAINTAIN = "maintain the home folder"


class Role(enum.StrEnum):
    """What an actor is, from least to most."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What this role may do."""
        return _CAPABILITIES[self]


_CAPABILITIES = {
    Role.VIEWER: frozenset({Capability.SEE}),
    Role.OPERATOR: frozenset(
        {
            Capability.SEE,
            Capability.LAUNCH,
            Capability.STOP,
            Capability.EDIT_PRESETS,
        }
    ),
    Role.ADMIN: frozenset(Capability),
}


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Whoever asks the service for something.

    Attributes:
        name: the login's name, or the operating system's user for local use.
        role: what it may do. Local use (a kernel, a terminal) is admin.
        origin: where it came from: ``kernel``, ``terminal``, ``page`` or ``api``.
    """

    name: str
    role: Role = Role.ADMIN
    origin: str = "kernel"
