"""``opsdash run MODULE --sweep FIELD=RANGE``: many runs, launched as one group."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..core.model import LaunchRequest, RunGroup, SweepRequest
    from ..core.service import Service

LEFT = 130
"""What it exits with when the group was left (128 + SIGINT)."""
ALL = "*"
"""``--zip`` without fields: all that is swept goes together."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe what makes one command many runs."""
    group = parser.add_argument_group("many runs at once")
    group.add_argument(
        "--sweep",
        metavar="FIELD=RANGE",
        action="append",
        default=[],
        help="one run for each value: start_date=2024-01-01..2024-03-31:B, vol=0.1,0.2",
    )
    group.add_argument(
        "--zip",
        metavar="FIELDS",
        nargs="?",
        const=ALL,
        action="append",
        default=[],
        help="swept fields (a,b; all where none is named) go together, not as a grid",
    )
    group.add_argument(
        "--limit",
        type=int,
        metavar="N",
        help="how many run at a time (default: the number of cores)",
    )


def run_sweep(service: Service, args: argparse.Namespace) -> int:
    """Launch a sweep and follow it; 0 only where every run has succeeded."""
    from .following import Interrupts
    from .group_progress import follow
    from .terminal import tell

    request = sweep_request(service, args)
    if args.dry_run:
        return _dry_run(service, request)
    if args.detach:
        return _detached(service, args, request)
    with Interrupts() as interrupts:
        group = _launched(service, request)
        tell(f"{group.group_id}: {len(group.runs):,} runs of {group.module}.")
        return follow(service, group.group_id, interrupts)


def _dry_run(service: Service, request: SweepRequest) -> int:
    """Show every command that would be run; nothing is launched."""
    from ..core.redaction import safe_text
    from .terminal import tell

    lines = service.groups.dry_run(request)
    for line in lines:
        print(safe_text(line))
    tell(f"{len(lines):,} runs of {request.base.module}; nothing was run.")
    return 0


def sweep_request(service: Service, args: argparse.Namespace) -> SweepRequest:
    """What the words of a command ask for.

    Raises:
        ValuesError: they are no sweep.
    """
    import msgspec

    from ..core.model import SweepRequest
    from .run_limits import limits_of

    fields = dict(map(_field, args.sweep))
    zips = tuple(
        tuple(fields) if names == ALL else tuple(names.split(",")) for names in args.zip
    )
    base = msgspec.structs.replace(_base(service, args), limits=limits_of(args))
    return SweepRequest(
        base=base,
        fields={**fields},
        zips=zips[-1:] if ALL in args.zip else zips,
        limit=args.limit,
    )


def _field(words: str) -> tuple[str, str]:
    from ..core.errors import ValuesError

    name, equals, text = words.partition("=")
    if not equals or not name.strip():
        sentence = (
            f"`{words}` is no FIELD=RANGE, such as start_date=2024-01-01..2024-02-01:B."
        )
        raise ValuesError(sentence, {"": sentence})
    return name.strip(), text


def _base(service: Service, args: argparse.Namespace) -> LaunchRequest:
    """What every run gets: a preset's values, and over them what follows ``--``."""
    from ..core.model import Preset
    from ..core.presets import with_arguments
    from .run_preset import preset_request

    if args.preset:
        return preset_request(service, args)
    cwd = str(Path.cwd())
    spec = service.module_spec(
        args.module, environment=args.env, interpreter=args.python, cwd=cwd
    )
    given = with_arguments(Preset(name="", module=args.module), args.rest, spec)
    return service.presets.request(
        given,
        environment=args.env,
        interpreter=args.python,
        cwd=cwd,
        requested_by=args.requested_by,
        confirmed=args.yes,
    )


def _launched(service: Service, request: SweepRequest) -> RunGroup:
    """Launch, asking on the terminal for what wants to be confirmed."""
    import msgspec

    from ..core.errors import ConfirmationNeeded
    from .terminal import confirm

    try:
        return service.groups.launch(request)
    except ConfirmationNeeded as needed:
        if needed.cause != "module" and not confirm(needed.question):
            raise
    base = msgspec.structs.replace(request.base, confirmed=True)
    return service.groups.launch(msgspec.structs.replace(request, base=base))


def _detached(service: Service, args: argparse.Namespace, request: SweepRequest) -> int:
    """Queue the group and leave a process behind that starts what waits."""
    from ..core.errors import LaunchError

    group = _launched(service, request)
    if group.holder:
        service.groups.stop(group.group_id)
        raise LaunchError(
            "Its secret values are known to this command alone, which must stay.",
            "Run it without --detach, or in the background.",
        )
    if not group.drained:
        _leave_starter(args)
    print(group.group_id)
    return 0


def _leave_starter(args: argparse.Namespace) -> None:
    words = [sys.executable, "-m", "opsdash_widgets", "queue", "--quiet"]
    if args.project:
        words += ["--project", args.project]
    starter = subprocess.Popen(
        words,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with starter.stdout as pipe:  # type: ignore[union-attr]  # it is a pipe
        pipe.readline()  # it is there: what waits is not left alone when we go
    starter.returncode = 0  # it outlives us on purpose, and so without a warning
