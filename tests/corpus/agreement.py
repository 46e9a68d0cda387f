"""Where a ModuleSpec says something else than the parser at run time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from opsdash_widgets.core.model import Argument, CommandSet, ParserSpec

_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
_SUPPRESS = "==SUPPRESS=="


def differences(truth: dict[str, Any], spec: ParserSpec, path: str = "") -> list[str]:
    """One line for each thing that differs, at every depth."""
    return list(_parser(truth, spec, path))


def _parser(truth: dict[str, Any], spec: ParserSpec, path: str) -> Iterator[str]:
    actions = [a for a in truth["actions"] if a["commands"] is None]
    holders = [a for a in truth["actions"] if a["commands"] is not None]
    if len(actions) != len(spec.arguments):
        yield f"{path}: {len(actions)} arguments are {len(spec.arguments)}"
        return
    ids = [argument.id for argument in spec.arguments]
    if len(set(ids)) != len(ids):
        yield f"{path}: two arguments have one id"
    for action, argument in zip(actions, spec.arguments, strict=True):
        for name, real, said in _fields(action, argument):
            if real != said:
                yield f"{path} {argument.id}: {name} is {real!r}, said {said!r}"
    yield from _texts(truth, spec, path)
    yield from _groups(truth, spec, path)
    yield from _commands(holders, spec.commands, path)


def _fields(real: dict[str, Any], said: Argument) -> Iterator[tuple[str, Any, Any]]:
    yield "option_strings", real["option_strings"], list(said.option_strings)
    yield "dest", real["dest"], said.dest
    yield "nargs", real["nargs"], said.nargs
    yield "required", bool(real["required"]), said.required
    yield "type", real["type"], said.type_name.rpartition(".")[2] or None
    choices = said.choices
    yield "choices", real["choices"], choices and [c.value for c in choices]
    metavar = said.metavar
    yield "metavar", real["metavar"], list(metavar) if _many(metavar) else metavar
    if real["help"] == _SUPPRESS:
        yield "hidden", True, said.hidden
    else:
        yield "help", real["expanded"], said.help
        yield "help_raw", real["help"], said.help_raw or said.help
    if real["default"] == _SUPPRESS:
        yield "default", repr(_SUPPRESS), said.default_repr
    elif said.default_repr != "(set, not shown)":
        yield "default", *_values(real["default"], said.default, said.default_repr)
    yield "const", *_values(real["const"], said.const, said.const_repr)


def _many(value: object) -> bool:
    return isinstance(value, tuple)


def _values(real: Any, said: Any, shown: str) -> tuple[Any, Any]:
    if isinstance(real, dict):
        return _ADDRESS.sub("", real["repr"]), _ADDRESS.sub("", shown)
    return real, said


def _texts(truth: dict[str, Any], spec: ParserSpec, path: str) -> Iterator[str]:
    for name in ("description", "epilog", "prefix_chars"):
        real, said = truth[name], getattr(spec, name)
        names_the_program = real is not None and "%(prog)" in real
        if real != said and not names_the_program:
            yield f"{path}: {name} is {real!r}, said {said!r}"


def _groups(truth: dict[str, Any], spec: ParserSpec, path: str) -> Iterator[str]:
    known = iter(argument.id for argument in spec.arguments)
    ids = [None if a["commands"] is not None else next(known) for a in truth["actions"]]

    def members(places: list[int]) -> list[str]:
        return [identity for place in places if (identity := ids[place])]

    real = [(t, d, members(places)) for t, d, places in truth["groups"]]
    said = [(g.title, g.description, list(g.arguments)) for g in spec.groups]
    if [g for g in real if g[2]] != [g for g in said if g[2]]:
        yield f"{path}: groups are {real!r}, said {said!r}"
    only = [(bool(r), members(places)) for r, places in truth["exclusive"]]
    told = [(g.required, list(g.arguments)) for g in spec.exclusive_groups]
    if [g for g in only if g[1]] != told:
        yield f"{path}: exclusive groups are {only!r}, said {told!r}"


def _commands(
    holders: list[dict[str, Any]], said: CommandSet | None, path: str
) -> Iterator[str]:
    if not holders or said is None:
        if bool(holders) != (said is not None):
            yield f"{path}: subcommands are {bool(holders)}, said {said is not None}"
        return
    (real,) = holders
    dest = "" if real["dest"] == _SUPPRESS else real["dest"]
    if (dest, bool(real["required"])) != (said.dest, said.required):
        yield f"{path}: dest and required of the subcommands differ"
    names = [(c["name"], c["aliases"]) for c in real["commands"]]
    told = [(c.name, list(c.aliases)) for c in said.commands]
    if names != told:
        yield f"{path}: subcommands are {names!r}, said {told!r}"
        return
    for one, command in zip(real["commands"], said.commands, strict=True):
        hidden = one["help"] == _SUPPRESS
        if (
            not hidden
            and "%" not in (one["help"] or "")
            and one["help"] != command.help
        ):
            yield f"{path} {command.name}: help is {one['help']!r}"
        yield from _parser(one["parser"], command.parser, f"{path} {command.name}")
