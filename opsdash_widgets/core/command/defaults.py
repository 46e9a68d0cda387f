"""When a default may be left out, and when it may be written, with no difference."""

from __future__ import annotations

from typing import Any

from ..model import Argument

_NUMBERS_TO_TRUST = 10_000
_YEARS = range(1900, 2200)
_SHORT = 6
_SUPPRESSED = "==SUPPRESS=="
_DIGITS = 3
_BUILT_IN = {
    "store": "_StoreAction",
    "store_true": "_StoreTrueAction",
    "store_false": "_StoreFalseAction",
    "store_const": "_StoreConstAction",
    "extend": "_ExtendAction",
    "boolean_optional": "BooleanOptionalAction",
}


def is_built_in(argument: Argument, *actions: str) -> bool:
    """Whether one of argparse's own actions, not one derived from it, does the work."""
    if argument.action not in actions or argument.action not in _BUILT_IN:
        return False
    first = argument.action_classes[:1] or (f"argparse.{_BUILT_IN[argument.action]}",)
    return first[0] == f"argparse.{_BUILT_IN[argument.action]}"


def is_default(argument: Argument, value: Any) -> bool:
    """Whether giving a value is the same as leaving the argument out."""
    default = argument.default
    if is_built_in(argument, "boolean_optional"):
        return isinstance(value, bool) and value is default
    if not is_built_in(argument, "store") or default is None:
        return False
    if not isinstance(default, list):
        return _same(argument, value, default)
    if not isinstance(value, list | tuple) or len(value) != len(default):
        return False
    pairs = zip(value, default, strict=True)
    # A text in a list of defaults is never converted, a text that is given is.
    plain = argument.type_name == "" or not any(isinstance(d, str) for d in default)
    return plain and all(_same(argument, given, one) for given, one in pairs)


def default_text(argument: Argument) -> str | None:
    """The text that gives a default exactly as it is; None where there is none."""
    default = argument.default
    if not is_built_in(argument, "store"):
        return None
    if _is_stream(argument):
        return "-"
    if not _is_lasting(argument, default):
        return None
    if isinstance(default, str):
        # argparse converts a default that is a text as it converts one given.
        text = default if argument.default_repr == repr(default) else None
    elif isinstance(default, int) and argument.type_name == "int":
        text = str(default)
    elif isinstance(default, float) and argument.type_name == "float":
        text = repr(default)
    else:
        text = None
    if text is not None and argument.choices is not None:
        return text if text in {choice.value for choice in argument.choices} else None
    return text


def _is_stream(argument: Argument) -> bool:
    """Whether the default is the stream that a ``FileType`` makes of a ``-``."""
    mode = argument.file_mode
    stream = "<stdin>" if mode.startswith("r") else "<stdout>"
    if argument.type_name != "argparse.FileType" or not mode:
        return False
    is_text = argument.default_repr.startswith("<_io.TextIOWrapper ")
    return is_text and "b" not in mode and f"name='{stream}'" in argument.default_repr


def _same(argument: Argument, value: Any, default: Any) -> bool:
    if isinstance(value, list | tuple | dict) or isinstance(default, bool):
        return False
    if not _is_lasting(argument, default):
        return False
    text = str(value)
    try:
        if argument.type_name == "int" and isinstance(default, int):
            return int(text) == default
        if argument.type_name == "float" and isinstance(default, float):
            return repr(float(text)) == repr(default)
    except ValueError:
        return False
    if not isinstance(default, str) or text != default:
        return False
    # A default that only looks like a text (a Path, a member) is what its own
    # converter makes of that text; where the converter is unknown it may not be.
    is_text = argument.default_repr == repr(argument.default)
    return is_text or isinstance(argument.default, list) or argument.type_known


def _is_lasting(argument: Argument, default: Any) -> bool:
    """Whether a default looks written by hand, and not made as the module starts.

    The folder, the time, a number drawn: at the run they are others than they were
    when the module was asked. What is written out is right in any case.
    """
    if isinstance(default, bool):
        return True
    if isinstance(default, int):
        return abs(default) < _NUMBERS_TO_TRUST and default not in _YEARS
    if isinstance(default, float):
        return len(repr(default)) <= _SHORT
    if isinstance(default, str) and default != _SUPPRESSED:
        digits = sum(character.isdigit() for character in default)
        # A number as a text is one that is converted, or that of this process.
        process = digits == len(default) > 0 and argument.type_name in ("", "str")
        return digits <= _DIGITS and not process and not set(default) & {"/", "\\"}
    return False
