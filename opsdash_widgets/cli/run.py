"""``opsdash run MODULE -- ARGUMENTS``: a detached run, followed as if it were ours."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from . import run_limits
from .run_sweep import add_options, run_sweep
from .spec import add_interpreter_options

if TYPE_CHECKING:
    from ..core.model import LaunchRequest, Run
    from ..core.service import Service
    from .following import Interrupts

LEFT = 130
"""What it exits with when the run was left running (128 + SIGINT)."""


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
) -> argparse.ArgumentParser:
    """Describe the command."""
    words = "run a module, follow its output, exit with its code"
    parser = subparsers.add_parser(
        "run",
        help=words,
        description=words.capitalize(),
        usage="opsdash run [OPTION ...] MODULE [-- ARGUMENT ...]",
        allow_abbrev=False,  # ``--out`` is more likely the module's than ours
        epilog="The first Ctrl-C asks the run to stop, the second leaves it running.",
    )
    parser.add_argument("module", metavar="MODULE", help="as after python -m")
    parser.add_argument(
        "--detach", action="store_true", help="print the run's id and leave it running"
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="show what would be run and what its parser says of it; run nothing",
    )
    parser.add_argument(
        "--preset", metavar="NAME", default="", help="the values of a preset"
    )
    add_interpreter_options(parser)
    run_limits.add_options(parser)
    add_options(parser)
    parser.add_argument(
        "--requested-by", metavar="NAME", default="", help="who asked (default: you)"
    )
    parser.add_argument(
        "--yes", action="store_true", help="confirm a launch in production"
    )
    return parser


def run(args: argparse.Namespace) -> int:
    """Launch the module in the caller's working directory, and follow it."""
    from .dry_run import dry_run
    from .following import Interrupts
    from .session import opened_service

    with opened_service(args) as service:
        if args.sweep:
            return run_sweep(service, args)
        request = _request(service, args)
        if args.dry_run:
            return dry_run(service, request)
        if args.detach:
            print(_launched(service, request).run_id)
            return 0
        with Interrupts() as interrupts:
            launched = _launched(service, request)
            return _followed(service, launched, interrupts)


def _request(service: Service, args: argparse.Namespace) -> LaunchRequest:
    import msgspec

    from ..core.model import LaunchRequest
    from .run_preset import preset_request

    if args.preset:
        limits = run_limits.limits_of(args)
        return msgspec.structs.replace(preset_request(service, args), limits=limits)
    return LaunchRequest(
        module=args.module,
        argv=tuple(args.rest),
        environment=args.env,
        interpreter=args.python,
        cwd=str(Path.cwd()),
        requested_by=args.requested_by,
        limits=run_limits.limits_of(args),
        confirmed=args.yes,
    )


def _launched(service: Service, request: LaunchRequest) -> Run:
    """Launch, asking on the terminal for what wants to be confirmed.

    Raises:
        OpsdashError: nothing was launched.
    """
    import msgspec

    from ..core.errors import ConfirmationNeeded
    from .terminal import confirm

    try:
        return service.launch(request)
    except ConfirmationNeeded as needed:
        # Whoever types a module's name has named it: only production is asked for.
        if needed.cause != "module" and not confirm(needed.question):
            raise
    return service.launch(msgspec.structs.replace(request, confirmed=True))


def _followed(service: Service, launched: Run, interrupts: Interrupts) -> int:
    from .following import exit_code, follow
    from .ladder import ending
    from .output import Copier
    from .terminal import tell

    run_id = launched.run_id
    stopper = _Stopper(service, run_id, interrupts)
    with service.log(run_id) as log:
        try:
            ended = follow(service, run_id, log, Copier(log, apart=True), stopper.go_on)
        except BrokenPipeError:
            tell(f"{run_id} is left running; nobody reads its output here.")
            raise
    if ended is None:
        return LEFT
    code = exit_code(ended)
    if code:
        tell(f"{ending(ended)} [opsdash show {run_id}]")
    return code


class _Stopper:
    """The first Ctrl-C asks the run to stop, the second leaves it running."""

    def __init__(self, service: Service, run_id: str, interrupts: Interrupts) -> None:
        from .ladder import LadderTeller

        self._service = service
        self._run_id = run_id
        self._interrupts = interrupts
        self._ladder = LadderTeller(service, run_id)
        self._asked = False

    def go_on(self) -> bool:
        """Act on what was pressed since the last look; whether to go on following."""
        if self._interrupts.count and not self._asked:
            self._asked = True
            self._service.stop(self._run_id)
            self._tell("is asked to stop; Ctrl-C again leaves it running.")
        if self._interrupts.count > 1:
            self._leave()
            return False
        if self._asked:
            self._ladder.tell_new()
        return True

    def _leave(self) -> None:
        follow = f"Follow it: opsdash logs -f {self._run_id}"
        if self._service.withdraw_stop(self._run_id):
            self._tell(f"is left running, and no longer asked to stop. {follow}")
        else:
            self._tell(f"was already told to end; it is left to itself. {follow}")

    def _tell(self, words: str) -> None:
        from .terminal import tell

        tell(f"{self._run_id} {words}")
