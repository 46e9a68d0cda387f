"""Random command lines for some values: in any order, form and place of ``--``.

What ``build`` refuses is tried here again, blindly: where the module's own parser reads
one of these as what the values mean, the refusal was wrong.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from opsdash_widgets.core.model import Argument, ParserSpec

_FLAGS = ("store_true", "store_false", "store_const", "boolean_optional")


class Layouts:
    """Draws command lines for values of one module."""

    def __init__(self, parser: ParserSpec, seed: int) -> None:
        self.parser = parser
        self.draw = random.Random(seed)

    def some(self, form: dict[str, Any], count: int) -> list[list[str]]:
        """Different command lines for the same values."""
        drawn = (tuple(self._line(self.parser, form)) for _ in range(count))
        return [list(line) for line in dict.fromkeys(drawn)]

    def _line(self, parser: ParserSpec, form: dict[str, Any]) -> list[str]:
        options, positionals = self._parts(parser, form.get("values", {}))
        command = form.get("command")
        behind: list[list[str]] = []
        if command and parser.commands:
            before = parser.commands.position
            places = [a.id for a in parser.arguments if a.is_positional][before:]
            behind = [part for name, part in positionals if name in places]
            positionals = [one for one in positionals if one[0] not in places]
        parts = self._mixed(options, [part for _, part in positionals])
        for _ in range(self.draw.choice([0, 0, 1, 1, 2])):
            parts.insert(self.draw.randint(0, len(parts)), ["--"])
        line = [text for part in parts for text in part]
        if command and parser.commands:
            below = next(
                one.parser
                for one in parser.commands.commands
                if command["name"] in (one.name, *one.aliases)
            )
            line += [command["name"], *self._line(below, command)]
        return [*line, *(text for part in behind for text in part)]

    def _mixed(
        self, options: list[list[str]], positionals: list[list[str]]
    ) -> list[list[str]]:
        """Both, in one of the ways to put one among the other."""
        if self.draw.random() < 0.5:
            self.draw.shuffle(options)
        ways = [[*options, *positionals], [*positionals, *options], []]
        parts = self.draw.choice(ways)
        if parts:
            return parts
        left, right = list(options), list(positionals)
        while left or right:
            first = left if left and (not right or self.draw.random() < 0.5) else right
            parts.append(first.pop(0))
        return parts

    def _parts(
        self, parser: ParserSpec, values: dict[str, Any]
    ) -> tuple[list[list[str]], list[tuple[str, list[str]]]]:
        options: list[list[str]] = []
        positionals: list[tuple[str, list[str]]] = []
        for argument in parser.arguments:
            given = argument.id in values
            if argument.is_positional:
                if given:
                    texts = _flat(values[argument.id])
                    positionals.append((argument.id, texts))
                elif argument.nargs == "?" and self.draw.random() < 0.3:
                    text = "--" if argument.default is None else str(argument.default)
                    positionals.append((argument.id, [text]))
                continue
            if given:
                options += self._uses(argument, values[argument.id])
            if self.draw.random() < 0.25:
                options += self._neutral(argument, values.get(argument.id))
        return options, positionals

    def _uses(self, argument: Argument, value: Any) -> Iterator[list[str]]:
        if argument.action in ("count", "append_const"):
            yield from ([self._name(argument)] for _ in range(value))
        elif argument.nargs == 0 or isinstance(value, bool):
            yield [self._name(argument, off=value is False)]
        elif argument.action in ("append", "extend"):
            for one in value:
                if argument.action == "extend" and self.draw.random() < 0.5:
                    yield from (self._written(argument, [text]) for text in _flat(one))
                else:
                    yield self._use(argument, one)
        else:
            yield self._use(argument, value)

    def _use(self, argument: Argument, value: Any) -> list[str]:
        if isinstance(value, dict):
            return [self._name(argument)]
        return self._written(argument, _flat(value))

    def _neutral(self, argument: Argument, given: Any) -> Iterator[list[str]]:
        """What may be written once more, or at its default, and change nothing."""
        if argument.action in _FLAGS:
            yield [self.draw.choice(argument.option_strings)]
        elif argument.action == "store" and given is not None:
            yield self._use(argument, given)
        elif argument.action == "store" and isinstance(argument.default, str | int):
            yield self._written(argument, [str(argument.default)])

    def _written(self, argument: Argument, texts: list[str]) -> list[str]:
        name = self._name(argument)
        if len(texts) != 1:
            return [name, *texts]
        joined = [f"{name}={texts[0]}"]
        ways = [[name, *texts], joined, joined, [name + texts[0]]]
        return self.draw.choice(ways)

    def _name(self, argument: Argument, *, off: bool = False) -> str:
        names = [o for o in argument.option_strings if o.startswith("--no-") == off]
        return self.draw.choice(names or list(argument.option_strings))


def _flat(value: Any) -> list[str]:
    """The texts of a value, however they are nested."""
    if not isinstance(value, list):
        return [str(value)]
    return [text for one in value for text in _flat(one)]
