"""Apply a module's own ``opsdash_form`` to its spec; say what in it is wrong.

The child tells the mapping as data (``child/refinement.py``); here it is checked and
laid beside what the parser says. Ids, dests, numbers of values and types stay the
parser's: a mapping that is wrong costs a warning and never the form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from ..model import Argument, CommandSet, FormGroup, ParserForm, ParserSpec
from ..model.place import Place, places
from ..redaction import safe_text
from .refined_field import KEYS, NAME, nearest, quoted, with_entry

_KEYS = ("fields", "groups", "order")
_GROUP_KEYS = ("title", "description", "fields", "folded")
_WARNINGS = 20


class Refinement:
    """What a mapping says of each argument and parser of one tree."""

    def __init__(self, parser: ParserSpec) -> None:
        self.places = list(places(parser))
        self.warnings: list[str] = []
        self.fields: dict[str, dict[str, Any]] = {}
        self.groups: dict[tuple[str, ...], list[FormGroup]] = {}
        self.order: dict[tuple[str, ...], list[str]] = {}

    def read(self, mapping: Mapping[str, Any]) -> None:
        """Take a mapping in, noting what is wrong with it."""
        self._known(mapping, _KEYS, "")
        fields = self._of_type(mapping, "fields", dict)
        # What names one command's field says more than what names all of that name.
        for key in sorted(fields or {}, key=lambda key: " " in key):
            self._field(key, fields[key])
        for group in self._of_type(mapping, "groups", list) or ():
            self._group(group)
        for key in self._of_type(mapping, "order", list) or ():
            for place in self.named(key):
                self.order.setdefault(place.commands, []).append(place.argument.id)

    def named(self, key: Any) -> list[Place]:
        """The arguments that a key names: an id, an option string or a dest.

        With commands before it, it names the field of that command; without, the
        fields of that name wherever they are.
        """
        if not isinstance(key, str):
            self._warn(f"{quoted(key)} is no name of an argument")
            return []
        *commands, name = key.split() or [""]
        found = [
            place
            for place in self.places
            if (not commands or place.commands == tuple(commands))
            and _answers_to(place.argument, name)
        ]
        if not found:
            known = [place.path for place in self.places]
            self._warn(f"there is no argument {quoted(key)}{nearest(key, known)}")
        return found

    def _field(self, key: str, entry: Any) -> None:
        places = self.named(key)
        if not isinstance(entry, dict):
            self._warn(f"{quoted(key)} must be a mapping of what to refine")
            return
        for name in entry:
            self._known({name: None}, KEYS, f" of {quoted(key)}")
        for place in places:
            self.fields.setdefault(place.path, {}).update(entry)

    def _group(self, entry: Any) -> None:
        if not isinstance(entry, dict) or not isinstance(entry.get("title"), str):
            self._warn("each of `groups` must be a mapping with a `title`")
            return
        title = safe_text(entry["title"])
        self._known(entry, _GROUP_KEYS, f" of the group {quoted(title)}")
        members: dict[tuple[str, ...], list[str]] = {}
        for key in self._of_type(entry, "fields", list) or ():
            for place in self.named(key):
                members.setdefault(place.commands, []).append(place.argument.id)
        for commands, ids in members.items():
            taken = {i for g in self.groups.get(commands, ()) for i in g.arguments}
            group = FormGroup(
                title=title,
                description=safe_text(str(entry.get("description") or "")),
                arguments=tuple(i for i in dict.fromkeys(ids) if i not in taken),
                folded=entry.get("folded") is True,
            )
            self.groups.setdefault(commands, []).append(group)

    def _of_type(self, mapping: Mapping[str, Any], key: str, wanted: type) -> Any:
        value = mapping.get(key)
        if value is None or isinstance(value, wanted):
            return value
        word = "a mapping" if wanted is dict else "a list"
        self._warn(f"`{key}` must be {word}")
        return None

    def _known(
        self, mapping: Iterable[str], known: tuple[str, ...], where: str
    ) -> None:
        for key in mapping:
            if key not in known:
                near = nearest(key, known) or f" (known are {', '.join(known)})"
                self._warn(f"there is no key {quoted(key)}{where}{near}")

    def _warn(self, text: str) -> None:
        self.warnings.append(f"In `{NAME}` {text}.")


def refine(
    parser: ParserSpec, told: Mapping[str, Any] | None
) -> tuple[ParserSpec, tuple[str, ...]]:
    """A parser with what its module says of its form, and what is wrong with that.

    Args:
        parser: as the module's parser told it.
        told: the child's answer (``child/refinement.py``); ``None`` where the module
            says nothing.
    """
    if not told:
        return parser, ()
    if "problem" in told:
        return parser, (f"`{NAME}` is left out: {safe_text(str(told['problem']))}.",)
    found = Refinement(parser)
    found.read(told["mapping"])
    refined = _refined(parser, (), found)
    warnings = dict.fromkeys(found.warnings)
    return refined, tuple(warnings)[:_WARNINGS]


def is_dynamic(parser: ParserSpec) -> bool:
    """Whether a function of the module gave some of the choices."""
    return any(
        place.argument.form is not None and place.argument.form.dynamic
        for place in places(parser)
    )


def _answers_to(argument: Argument, name: str) -> bool:
    return name in (argument.id, argument.dest, *argument.option_strings)


def _refined(
    parser: ParserSpec, commands: tuple[str, ...], found: Refinement
) -> ParserSpec:
    arguments = []
    for argument in parser.arguments:
        entry = found.fields.get(Place(commands, argument).path)
        arguments.append(with_entry(argument, entry) if entry else argument)
    groups = tuple(found.groups.get(commands, ()))
    order = tuple(dict.fromkeys(found.order.get(commands, ())))
    form = ParserForm(groups=groups, order=order) if groups or order else None
    return msgspec.structs.replace(
        parser,
        arguments=tuple(arguments),
        commands=_refined_commands(parser.commands, commands, found),
        form=form,
    )


def _refined_commands(
    given: CommandSet | None, commands: tuple[str, ...], found: Refinement
) -> CommandSet | None:
    if given is None:
        return None
    inner = tuple(
        msgspec.structs.replace(
            each, parser=_refined(each.parser, (*commands, each.name), found)
        )
        for each in given.commands
    )
    return msgspec.structs.replace(given, commands=inner)
