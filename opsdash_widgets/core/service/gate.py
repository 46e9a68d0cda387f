"""The permission gate: the one place where a capability is checked."""

from __future__ import annotations

from ..errors import PermissionDenied
from ..model import Actor, Capability, Role

_LEAST_ROLE = {
    capability: next(role for role in Role if capability in role.capabilities)
    for capability in Capability
}


def require(actor: Actor, capability: Capability) -> None:
    """Let an actor pass who may do the thing.

    Raises:
        PermissionDenied: the actor's role does not allow it.
    """
    if capability not in actor.role.capabilities:
        raise PermissionDenied(
            f"{actor.name} is a {actor.role} here and may not {capability}.",
            f"Ask somebody who is {_LEAST_ROLE[capability]} or more.",
        )


def require_control(actor: Actor, owner: str) -> None:
    """Let an actor pass who may stop, pause and resume what somebody has launched.

    Args:
        actor: who asks.
        owner: the login that launched it; empty where nobody knows, so nobody's.

    Raises:
        PermissionDenied: the actor's role does not allow it.
    """
    require(actor, Capability.STOP)
    if owner != actor.name:
        require(actor, Capability.CONTROL_OTHERS)
