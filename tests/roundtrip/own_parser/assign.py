"""Draw random valid values for a parser's own arguments."""

from __future__ import annotations

import argparse
import random
from typing import Any

from .catch import commands_of
from .meaning import Meant, Use
from .texts import Texts

_MANY = 12
_DENSE, _SPARSE = 0.5, 0.15
_ENDS = (argparse._HelpAction, argparse._VersionAction)


class CannotDraw(Exception):
    """No valid value is found for an argument that must be given."""


class Assigner:
    """Draws values for one parser and those below it.

    Attributes:
        draw: where chance comes from.
        plain: how often a text shall be an easy one.
    """

    def __init__(self, draw: random.Random, texts: Texts, plain: float) -> None:
        self.draw = draw
        self.texts = texts
        self.plain = plain

    def level(
        self, parser: argparse.ArgumentParser, ids: dict[str, Any]
    ) -> tuple[dict[str, Any], Meant]:
        """The values as the values file holds them, and what they mean.

        Args:
            parser: the parser.
            ids: ``{"ids": […], "commands": {name: ids}}``, from the module's spec.
        """
        plain = [one for one in parser._actions if commands_of(one) is None]
        if len(plain) != len(ids["ids"]):
            raise CannotDraw(f"{len(ids['ids'])} arguments, not {len(plain)}")
        values: dict[str, Any] = {}
        uses: list[Use] = []
        closed: set[int] = set()
        for action, identity in zip(plain, ids["ids"]):
            if self._is_drawn(parser, action, closed, len(plain)):
                self._add(parser, action, identity, values, uses)
            if identity in values:
                closed.update(map(id, _groups(parser, action)))
        return self._with_command(parser, ids, {"values": values}, uses)

    def _with_command(
        self,
        parser: argparse.ArgumentParser,
        ids: dict[str, Any],
        form: dict[str, Any],
        uses: list[Use],
    ) -> tuple[dict[str, Any], Meant]:
        for chooser in parser._actions:
            names = commands_of(chooser)
            if names and (chooser.required or self.draw.random() < 0.85):
                name = self.draw.choice(sorted(names))
                inner, below = self.level(names[name], ids["commands"][name])
                form["command"] = {"name": name, **inner}
                return form, Meant(parser, uses, chooser, name, below)
        return form, Meant(parser, uses)

    def _is_drawn(
        self,
        parser: argparse.ArgumentParser,
        action: argparse.Action,
        closed: set[int],
        many: int,
    ) -> bool:
        groups = _groups(parser, action)
        if isinstance(action, _ENDS) or closed.intersection(map(id, groups)):
            return False
        last = [g for g in groups if g.required and g._group_actions[-1] is action]
        may_miss = not action.option_strings and action.nargs in ("?", "*", "...")
        if last or (action.required and not may_miss):
            return True
        return self.draw.random() < (_DENSE if many < _MANY else _SPARSE)

    def _add(
        self,
        parser: argparse.ArgumentParser,
        action: argparse.Action,
        identity: str,
        values: dict[str, Any],
        uses: list[Use],
    ) -> None:
        option = identity if action.option_strings else None
        kinds = {cls.__name__ for cls in type(action).__mro__}
        if "BooleanOptionalAction" in kinds:
            values[identity] = self.draw.random() < 0.5
            off = [o for o in action.option_strings if o.startswith("--no-")]
            uses.append(Use(action, None, option if values[identity] else off[0]))
        elif kinds & {"_CountAction", "_AppendConstAction"}:
            values[identity] = self.draw.randint(1, 3)
            uses += [Use(action, None, option)] * values[identity]
        elif action.nargs == 0:
            values[identity] = True
            uses.append(Use(action, None, option))
        else:
            repeats = bool(kinds & {"_AppendAction", "_ExtendAction"})
            given = self._given(parser, action, repeats and bool(option))
            if given is None:
                if action.required:
                    raise CannotDraw(f"no text for {identity}")
                return
            shapes = [_shape(action, texts) for texts in given]
            values[identity] = shapes if repeats else shapes[0]
            uses += [Use(action, texts, option) for texts in given]

    def _given(
        self, parser: argparse.ArgumentParser, action: argparse.Action, repeats: bool
    ) -> Any:
        """The texts of each use; None where none are found."""
        times = self.draw.randint(1, 3) if repeats else 1
        given = [self._use(parser, action) for _ in range(times)]
        if any(texts is not None and None in texts for texts in given):
            return None
        empty = given == [[]] and not action.option_strings
        return None if empty else given

    def _use(self, parser: argparse.ArgumentParser, action: argparse.Action) -> Any:
        """The texts of one use; None where the option is given without a value."""
        nargs = action.nargs
        if nargs == "?" and action.option_strings and self.draw.random() < 0.3:
            return None
        few: dict[Any, int] = {
            None: 1,
            "?": 1,
            "*": self.draw.randint(0, 3),
            "+": self.draw.randint(1, 3),
            "...": self.draw.randint(0, 2),
            "A...": 1,
        }
        count = nargs if isinstance(nargs, int) else few[nargs]
        return [self.texts.one(parser, action, self.plain) for _ in range(count)]


def _shape(action: argparse.Action, texts: Any) -> Any:
    if texts is None:
        return {"bare": True}
    return texts[0] if action.nargs in (None, "?") else texts


def _groups(parser: argparse.ArgumentParser, action: argparse.Action) -> list[Any]:
    return [g for g in parser._mutually_exclusive_groups if action in g._group_actions]
