"""What the arguments and converters of a parser are called."""

from __future__ import annotations

import argparse
import re
import sys
from typing import Any

from . import plain

_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_SECRET_WORDS = {"password", "passwd", "passphrase", "secret", "token", "apikey"}
_SECRET_WORDS |= {"credential", "credentials", "passcode"}
_SECRET_PAIRS = {
    ("api", "key"),
    ("access", "key"),
    ("private", "key"),
    ("auth", "key"),
    ("secret", "key"),
    ("signing", "key"),
    ("encryption", "key"),
    ("connection", "string"),
}
_ADDRESS = re.compile(r"[\w+]+://[\w.:/-]*")
"""An address that names nobody and holds no password."""
_NOT_THE_SECRET = {
    # `--password-file` and its kin say where the secret is, not what it is.
    *("file", "path", "dir", "name", "id", "env", "variable", "var", "url", "type"),
    *("limit", "length", "len", "count", "size", "ttl", "expiry", "policy", "command"),
    *("budget", "prefix", "format", "store", "manager", "timeout", "index"),
}
_VALUE_ACTIONS = (argparse._StoreTrueAction, argparse._StoreFalseAction)
_KNOWN_TYPES = (int, float, str, complex)


def argument_ids(parser: argparse.ArgumentParser) -> list[str]:
    """The id of each action of a parser in order, unique in it; "" for subcommands."""
    ids: list[str] = []
    taken: dict[str, int] = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            ids.append("")
            continue
        base = _first_name(parser, action)
        taken[base] = taken.get(base, 0) + 1
        again = taken[base]
        ids.append(base if again == 1 else f"{base}#{again}")
    return ids


def _first_name(parser: argparse.ArgumentParser, action: argparse.Action) -> str:
    options = [plain.text(option) for option in action.option_strings]
    for option in options:
        if len(option) > 2 and option[1] in parser.prefix_chars:
            return option
    return options[0] if options else plain.text(action.dest)


def is_secret(action: argparse.Action) -> bool:
    """Whether an argument's value must not be stored or shown, by its names."""
    marked = getattr(action, "secret", None)
    if isinstance(marked, bool):
        return marked
    if action.nargs == 0 or isinstance(action, _VALUE_ACTIONS):
        return False
    if action.type in (int, float, bool):
        return False
    return any(
        is_secret_name(name) for name in (plain.text(action.dest), *_options(action))
    )


def is_secret_value(action: argparse.Action, value: Any) -> bool:
    """Whether the default of a secret argument may be a secret itself."""
    if value is None or isinstance(value, (bool, int, float)) or callable(value):
        return False
    if type(value) is object:
        return False  # a mark of the module's own for "not given"
    if isinstance(value, (str, bytes, list, tuple, dict, set)) and not value:
        return False
    if isinstance(value, str) and _ADDRESS.fullmatch(value):
        return False
    return not any(value is stream for stream in (sys.stdin, sys.stdout, sys.stderr))


def is_secret_name(name: str) -> bool:
    """Whether a name says that what it names is a secret."""
    words = [word.lower() for word in _WORDS.findall(name)]
    if not words or words[-1] in _NOT_THE_SECRET:
        return False
    pairs = set(zip(words, words[1:]))
    return bool(_SECRET_WORDS.intersection(words) or _SECRET_PAIRS & pairs)


def _options(action: argparse.Action) -> list[str]:
    return [plain.text(option) for option in action.option_strings]


def qualified(thing: Any) -> str:
    """Qualified name of a class or function; a built-in's is its plain name."""
    module = getattr(thing, "__module__", None) or ""
    name = getattr(thing, "__qualname__", None) or getattr(thing, "__name__", "")
    if module == "__main__":
        module = _main_name()
    if module in ("", "builtins"):
        return plain.text(name)
    return plain.text(module) + "." + plain.text(name)


def type_name(converter: Any) -> str:
    """Qualified name of a converter, empty where there is none.

    Its last part is the ``__name__`` of a class or function, and that of its class
    for any other callable object.
    """
    if converter is None:
        return ""
    owner = getattr(converter, "__self__", None)
    if isinstance(owner, type):
        # A classmethod: `date.fromisoformat` has no module of its own.
        return qualified(owner) + "." + plain.text(converter.__name__)
    name = getattr(converter, "__name__", None)
    if not isinstance(name, str):
        return qualified(type(converter))
    found = qualified(converter)
    if found.rpartition(".")[2] == name:
        return found
    # A converter that was given a name of its own, for argparse's messages.
    return found.rpartition(".")[0] + "." + plain.text(name)


def type_known(converter: Any) -> bool:
    """Whether a form can check a converter's values without calling it."""
    if converter is None:
        return True
    if isinstance(converter, type):
        paths = converter.__module__.partition(".")[0] == "pathlib"
        return converter in _KNOWN_TYPES or paths
    name = type_name(converter)
    return name == "argparse.FileType" or name in (
        "datetime.date.fromisoformat",
        "datetime.datetime.fromisoformat",
    )


def file_mode(converter: Any) -> str:
    """How a ``FileType`` opens its path (``r``, ``wb``, …), empty for all others."""
    mode = getattr(converter, "_mode", "")
    return str(mode) if isinstance(converter, argparse.FileType) else ""


def _main_name() -> str:
    spec = getattr(sys.modules.get("__main__"), "__spec__", None)
    name = getattr(spec, "name", "") or "__main__"
    return name[: -len(".__main__")] if name.endswith(".__main__") else name
