"""What a module is and what its parser takes, as data."""

from __future__ import annotations

import enum
from typing import Any

import msgspec

from .form import Choice, FieldForm, ParserForm


class Kind(enum.StrEnum):
    """How a module takes its arguments, as far as its source tells."""

    ARGPARSE = "argparse"
    CLICK = "click"
    TYPER = "typer"
    FIRE = "fire"
    PLAIN = "plain"
    """Runnable, with no parser of its own: date tokens and free arguments."""
    NOT_RUNNABLE = "not runnable"
    BROKEN = "broken"
    """Its source does not parse; ``ModuleListing.error`` says where."""


class ModuleListing(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the module picker, found by reading the source only.

    Attributes:
        name: dotted name, as after ``python -m``.
        package: the configured package it was found in.
        title: the docstring's first line; may be empty.
        path: absolute path of the source file.
        mtime_ns: its modification time, nanoseconds since the epoch.
        kind: how it takes its arguments.
        error: why it is broken, one sentence; empty otherwise.
    """

    name: str
    package: str
    title: str = ""
    path: str = ""
    mtime_ns: int = 0
    kind: Kind = Kind.PLAIN
    error: str = ""


class Argument(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One action of a parser.

    Attributes:
        id: unique within its parser: the first long option string, else the first
            option string, else the dest (``dest#2`` for the second of that dest).
        option_strings: as given to ``add_argument``; empty for a positional.
        dest: attribute name on the namespace.
        action: ``store``, ``store_const``, ``store_true``, ``store_false``, ``append``,
            ``append_const``, ``extend``, ``count``, ``help``, ``version``,
            ``boolean_optional``, ``parsers`` or ``custom``.
        action_classes: qualified class names, most derived first, up to ``Action``.
        nargs: ``None``, a number, or one of ``? * + ... A...``.
        const: JSON-safe constant, with ``const_repr`` its ``repr``.
        default: JSON-safe default (``None`` where it cannot be), with its ``repr``
            (addresses in it are ``0x0``).
        type_name: qualified name of the converter, empty where there is none. Its last
            part is the ``__name__`` of a class or function; of any other callable
            object (a ``FileType``, a ``partial``) it is the name of its class.
        type_known: the form knows how to check that type itself.
        file_mode: how a ``FileType`` opens its path (``r``, ``wb``, …), else empty.
        choices: allowed values in order; ``None`` where anything goes.
        choices_repr: the ``repr`` of choices that are too many to be listed, or that
            cannot be, else empty.
        minimum: the least number allowed, where it is known.
        maximum: the greatest number allowed, where it is known.
        open_ends: which of the two is itself not allowed: ``minimum``, ``maximum``.
        formats: the date formats that it takes, as ``strptime`` writes them.
        path: it names a ``file``, a ``folder`` or ``any`` of both; empty where it is no
            path, or where that is not known.
        must_exist: the path that it names must be there already.
        variables: environment variables that give its value where it is left out.
        elsewhere: its value may also come from a file of settings, so that it may be
            left out even where it is required.
        annotation: the Python type that its value becomes, where a converter's name
            does not tell (jsonargparse): ``int``, ``Optional[List[str]]``.
        prompt: what its module asks at the terminal where it is left out.
        off_strings: those of the option strings that switch a boolean pair off, where
            they are not the ``--no-x`` of ``--x``.
        required: as argparse sees it.
        help: with ``%(default)s`` and its kin expanded; ``None`` where there is none.
        help_raw: the help before that, where it differs.
        metavar: one name, or one per value.
        deprecated: marked so (Python 3.13 on).
        hidden: its help is SUPPRESS.
        secret: its value must not be stored or shown.
        form: how the module wants it shown (its ``opsdash_form``), if it says so.
    """

    id: str
    dest: str
    option_strings: tuple[str, ...] = ()
    action: str = "store"
    action_classes: tuple[str, ...] = ()
    nargs: int | str | None = None
    const: Any = None
    const_repr: str = "None"
    default: Any = None
    default_repr: str = "None"
    type_name: str = ""
    type_known: bool = False
    file_mode: str = ""
    choices: tuple[Choice, ...] | None = None
    choices_repr: str = ""
    minimum: float | None = None
    maximum: float | None = None
    open_ends: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    path: str = ""
    must_exist: bool = False
    variables: tuple[str, ...] = ()
    elsewhere: bool = False
    annotation: str = ""
    prompt: str = ""
    off_strings: tuple[str, ...] = ()
    required: bool = False
    help: str | None = None
    help_raw: str | None = None
    metavar: str | tuple[str, ...] | None = None
    deprecated: bool = False
    hidden: bool = False
    secret: bool = False
    form: FieldForm | None = None

    @property
    def is_positional(self) -> bool:
        """Whether it has no option string."""
        return not self.option_strings


class Group(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A titled group of arguments: its members by id, in order."""

    title: str | None = None
    description: str | None = None
    arguments: tuple[str, ...] = ()


class ExclusiveGroup(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Arguments of which at most one (exactly one where required) may be given."""

    arguments: tuple[str, ...]
    required: bool = False


class Command(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One subcommand with its own parser."""

    name: str
    parser: ParserSpec
    aliases: tuple[str, ...] = ()
    help: str | None = None
    hidden: bool = False
    deprecated: bool = False


class CommandSet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The subcommands of a parser.

    Attributes:
        dest: attribute that gets the name, empty where none does.
        position: how many positionals of the parser stand before it.
        required: a command must be chosen.
        chained: several may follow one another (click); a form gives one.
    """

    commands: tuple[Command, ...]
    dest: str = ""
    title: str | None = None
    description: str | None = None
    metavar: str | None = None
    help: str | None = None
    required: bool = False
    position: int = 0
    chained: bool = False


class ParserSpec(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One parser: its arguments in order, their groups, its subcommands.

    Attributes:
        interspersed: options are read behind positionals too (click's groups and
            chained commands stop at the first positional).
        intermixed: it is read with ``parse_intermixed_args``.
        bare_is_help: given no arguments at all it shows its help (click).
        form: how the module wants its arguments arranged (its ``opsdash_form``), if
            it says so; ``groups`` stay the parser's own.
    """

    prog: str = ""
    usage: str | None = None
    description: str | None = None
    epilog: str | None = None
    prefix_chars: str = "-"
    fromfile_prefix_chars: str | None = None
    allow_abbrev: bool = True
    interspersed: bool = True
    intermixed: bool = False
    bare_is_help: bool = False
    arguments: tuple[Argument, ...] = ()
    groups: tuple[Group, ...] = ()
    exclusive_groups: tuple[ExclusiveGroup, ...] = ()
    commands: CommandSet | None = None
    form: ParserForm | None = None


class ModuleSpec(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a module takes, as data: the answer of the probe.

    Attributes:
        schema: name and version of this format.
        module: dotted name.
        kind: how it takes its arguments.
        title: the docstring's first line.
        parser: the parser tree, the fullest that the module shows; empty for a module
            without one.
        first_passes: parsers that read the same command line before it, each with the
            options that ``parser`` does not have; they can be given as extra arguments.
        path: its source file.
        interpreter: the Python that was asked.
        python: its version, such as ``3.11.7``: argparse differs between them.
        probed_s: how long the probe took, seconds.
        warnings: what the user should know about this spec, one sentence each.
    """

    module: str
    kind: Kind
    parser: ParserSpec = ParserSpec()
    first_passes: tuple[ParserSpec, ...] = ()
    schema: str = "module/1"
    title: str = ""
    path: str = ""
    interpreter: str = ""
    python: str = ""
    probed_s: float = 0.0
    warnings: tuple[str, ...] = ()
