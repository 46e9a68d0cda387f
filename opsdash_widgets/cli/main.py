"""The ``opsdash`` command: finds the verb, runs its file, and says what went wrong."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from .._version import __version__

COMMANDS = (
    "serve",
    "run",
    "queue",
    "ps",
    "show",
    "logs",
    "stop",
    "pause",
    "resume",
    "kill",
    "modules",
    "spec",
    "argv",
    "presets",
    "settings",
    "doctor",
)
"""Every verb; each is the file of its name, with ``add_parser`` and ``run``."""

PIPE_CLOSED = 141
"""What a shell shows for a program that SIGPIPE ended (128 + 13)."""
INTERRUPTED = 130
"""What a shell shows for a program that Ctrl-C ended (128 + 2)."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: the words after ``opsdash``; those of this process by default.

    Returns:
        The exit code.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    _forgive_unencodable()
    args = _parse(words)
    try:
        code = int(args.run(args))
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
        return PIPE_CLOSED
    except KeyboardInterrupt:
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last place that can say it in words
        from .failure import explain

        return explain(error, verbose=args.verbose, traceback=args.traceback)
    return code


def _parse(words: list[str]) -> argparse.Namespace:
    # What follows the first "--" belongs to the module that is run, word for word.
    rest: list[str] = []
    if "run" in words[:1] and "--" in words:
        at = words.index("--")
        words, rest = words[:at], words[at + 1 :]
    parser = build_parser()
    args, unknown = parser.parse_known_args(words)
    # argparse takes words on one side of the options alone.
    if hasattr(args, "words") and not any(word.startswith("-") for word in unknown):
        args.words, unknown = [*args.words, *unknown], []
    if unknown:
        hint = "; put the module's own after --" if args.command == "run" else ""
        parser.error(f"unrecognized arguments: {' '.join(unknown)}{hint}")
    args.rest = rest
    return args


def build_parser() -> argparse.ArgumentParser:
    """The parser of every command; a command's own imports wait until it runs."""
    parser = argparse.ArgumentParser(
        prog="opsdash",
        description="Launch, watch and stop runs of Python modules from a terminal.",
    )
    parser.add_argument("--version", action="version", version=f"opsdash {__version__}")
    subparsers = parser.add_subparsers(
        title="commands", metavar="COMMAND", dest="command", required=True
    )
    for name in COMMANDS:
        command = importlib.import_module(f"{__package__}.{name}")
        _add_shared_options(command.add_parser(subparsers), command.run)
    return parser


def _add_shared_options(parser: argparse.ArgumentParser, run: object) -> None:
    parser.set_defaults(run=run)
    shared = parser.add_argument_group("for every command")
    shared.add_argument(
        "--project",
        metavar="FOLDER",
        help="the project's folder (default: the nearest with an opsdash.toml)",
    )
    shared.add_argument(
        "--verbose", action="store_true", help="tell the details of an error"
    )
    shared.add_argument(
        "--traceback", action="store_true", help="show where an error was raised"
    )


def _forgive_unencodable() -> None:
    """Let a terminal without UTF-8 show a question mark instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _drop_output() -> None:
    """Whoever read our output is gone; the interpreter's last flush must not fail."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
