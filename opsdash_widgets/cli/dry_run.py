"""``opsdash run --dry-run``: what a launch would be, and what its parser says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..core.model import LaunchRequest
    from ..core.service import Preview, Service

REFUSED = 2
"""What it exits with when the module's own parser refuses the arguments."""
_SAID = {
    "accepted": "Its parser accepts these arguments.",
    "refused": "Its parser refuses these arguments: {message}",
    "unknown": "Its parser could not be heard. {message}",
    "off": "{message}",
}


def dry_run(service: Service, request: LaunchRequest) -> int:
    """Show everything that a launch would use; nothing is launched."""
    preview = service.preview(request, validate=True)
    for name, value in _rows(preview):
        print(f"{name:<12} {value}")
    said = _SAID.get(preview.verdict, "").format(message=preview.verdict_message)
    if said:
        print(_shown(said).rstrip())
    return REFUSED if preview.verdict == "refused" else 0


def _rows(preview: Preview) -> list[tuple[str, str]]:
    from .run_limits import limits_text

    variables = [f"{name}={value}" for name, value in preview.variables.items()]
    rows = [
        ("command", preview.shell_line),
        ("folder", preview.cwd),
        ("environment", preview.environment),
        ("variables", " ".join(variables)),
        ("limits", limits_text(preview.limits)),
    ]
    return [(name, _shown(value)) for name, value in rows if value]


def _shown(text: str) -> str:
    from ..core.redaction import safe_text

    return safe_text(text)
