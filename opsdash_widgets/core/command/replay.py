"""Read a command line back with argparse, from the spec alone.

The parser that is made here has the module's option strings and numbers of values, and
none of its converters, choices or actions: it only notes which argument got which
texts. A command line is right when it reads back as what was meant.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NamedTuple, NoReturn

from ..model import Argument, ParserSpec


class Entry(NamedTuple):
    """One use of an argument, as argparse read it.

    Attributes:
        level: how many subcommands stand above it.
        id: the argument's id, empty for the choice of a subcommand.
        texts: its values.
        negated: the off side of a boolean pair.
    """

    level: int
    id: str
    texts: tuple[str, ...] = ()
    negated: bool = False


class Refused(Exception):
    """argparse does not read the command line, or the spec makes no parser."""


def replay(
    parser: ParserSpec, commands: Sequence[str], argv: Sequence[str]
) -> list[Entry]:
    """What argparse reads in an argv, in order.

    Args:
        parser: the module's parser.
        commands: the names of the subcommands that are expected, outermost first.
        argv: the arguments.

    Raises:
        Refused: it cannot be read.
    """
    log: list[Entry] = []
    try:
        made = _Parser(parser, commands, log)
        made.parse_args(list(argv))
    except (argparse.ArgumentError, TypeError, ValueError, AssertionError) as error:
        raise Refused(str(error)) from error
    return log


class _Parser(argparse.ArgumentParser):
    """A parser that notes what it reads, for one chain of subcommands."""

    def __init__(
        self,
        spec: ParserSpec,
        commands: Sequence[str],
        log: list[Entry],
        level: int = 0,
    ) -> None:
        super().__init__(
            prog="module",
            prefix_chars=spec.prefix_chars,
            allow_abbrev=spec.allow_abbrev,
            add_help=False,
        )
        position = spec.commands.position if spec.commands else -1
        before = 0
        for place, argument in enumerate(spec.arguments):
            if argument.is_positional:
                if before == position:
                    self._add_command(spec, commands, log, level)
                before += 1
            self._add(argument, f"a{place}", log, level)
        if position >= before:
            self._add_command(spec, commands, log, level)

    def error(self, message: str) -> NoReturn:
        raise Refused(message)

    def _add(self, argument: Argument, dest: str, log: list[Entry], level: int) -> None:
        named: dict[str, Any] = {
            "action": _Note,
            "nargs": argument.nargs,
            "default": argparse.SUPPRESS,
            "argument": argument,
            "log": log,
            "level": level,
        }
        if argument.is_positional:
            self.add_argument(dest, **named)
        else:
            self.add_argument(*argument.option_strings, dest=dest, **named)

    def _add_command(
        self, spec: ParserSpec, commands: Sequence[str], log: list[Entry], level: int
    ) -> None:
        if spec.commands is None or not commands:
            return
        name, *rest = commands
        for command in spec.commands.commands:
            if name == command.name or name in command.aliases:
                chosen = command.parser
        made = self.add_subparsers()
        # add_parser would pass on keywords that this class does not take.
        made._name_parser_map[name] = _Parser(chosen, rest, log, level + 1)


class _Note(argparse.Action):
    """Notes which texts an argument was given."""

    def __init__(
        self,
        option_strings: Sequence[str],
        dest: str,
        *,
        argument: Argument,
        log: list[Entry],
        level: int,
        **named: Any,
    ) -> None:
        super().__init__(option_strings, dest, **named)
        self.argument = argument
        self.log = log
        self.level = level

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        texts = tuple(values) if isinstance(values, list) else (values,)
        if values is None:
            texts = ()
        off = option_string in off_strings(self.argument)
        self.log.append(Entry(self.level, self.argument.id, texts, off))


def off_strings(argument: Argument) -> tuple[str, ...]:
    """The option strings that switch a boolean pair off."""
    if argument.action != "boolean_optional":
        return ()
    named = tuple(o for o in argument.option_strings if o.startswith("--no-"))
    if argument.off_strings:
        return argument.off_strings
    # `--no-color/--no-no-color`: of a pair of such names the longer one is off.
    twins = tuple(o for o in named if "--" + o[5:] in argument.option_strings)
    return twins or named
