"""What a module says of its own form, beside what its parser says.

Nothing here changes what a command line means: ids, dests, numbers of values and types
are the parser's. ``docs/forms.md`` tells module authors how to write it.
"""

from __future__ import annotations

import msgspec


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One allowed value: what goes on the command line, and how it is shown."""

    value: str
    label: str


class FieldForm(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a module wants one argument to be shown; empty is the form's own way.

    Attributes:
        label: the field's name.
        help: shown in place of the parser's help.
        placeholder: shown in an empty field.
        meaning: ``text``, ``multiline``, ``date``, ``path``, ``file`` or ``folder``.
        choices: values to offer.
        strict: the form takes no other value than these.
        dynamic: the choices were asked for by calling the module's own function.
        minimum: the least number that the form takes.
        maximum: the greatest number that the form takes.
        must_exist: the form says so where there is no such file or folder.
        advanced: folded away with the rarely used ones, or (False) never.
        hidden: not shown, unless it has a value.
        warning: what went wrong with this entry, one sentence.
    """

    label: str = ""
    help: str = ""
    placeholder: str = ""
    meaning: str = ""
    choices: tuple[Choice, ...] | None = None
    strict: bool = False
    dynamic: bool = False
    minimum: float | None = None
    maximum: float | None = None
    must_exist: bool | None = None
    advanced: bool | None = None
    hidden: bool = False
    warning: str = ""


class FormGroup(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A titled group of fields as the module wants it: argument ids, in order."""

    title: str
    description: str = ""
    arguments: tuple[str, ...] = ()
    folded: bool = False


class ParserForm(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a module wants one parser's arguments to be arranged.

    Attributes:
        groups: shown first; what is in none of them follows in the parser's groups.
        order: ids that come first among their like.
    """

    groups: tuple[FormGroup, ...] = ()
    order: tuple[str, ...] = ()
