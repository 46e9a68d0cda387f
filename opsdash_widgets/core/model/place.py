"""The fields of a form, each with the way that leads to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .module import Argument, ParserSpec

_NO_FIELDS = ("help", "version", "parsers")
"""Actions that leave at once, or that are a choice of a parser."""


class Place(NamedTuple):
    """One argument of a tree of parsers.

    Attributes:
        commands: the names of the subcommands that lead to it, outermost first.
        argument: the argument.
    """

    commands: tuple[str, ...]
    argument: Argument

    @property
    def path(self) -> str:
        """The field's path: ``build --jobs``."""
        return " ".join((*self.commands, self.argument.id))


def places(parser: ParserSpec, commands: tuple[str, ...] = ()) -> Iterator[Place]:
    """Every argument that is a field, at any depth, in order."""
    for argument in parser.arguments:
        if argument.action not in _NO_FIELDS:
            yield Place(commands, argument)
    for command in parser.commands.commands if parser.commands else ():
        yield from places(command.parser, (*commands, command.name))
