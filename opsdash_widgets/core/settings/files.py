"""Reading one ``opsdash.toml``; every error names the file and the line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..errors import SettingsError
from .table import SETTINGS, Setting
from .values import convert

FILE_NAME = "opsdash.toml"
"""What a settings file is called, in the project's folder and in the home folder."""


def read_file(path: Path, home: Path) -> dict[str, Any]:
    """The settings that a file sets, checked and converted; none if it is absent."""
    try:
        text = path.read_bytes().decode("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except UnicodeDecodeError as error:
        raise SettingsError(
            f"{path} is not a text file in UTF-8.", "Save it as UTF-8."
        ) from error
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read ({error.strerror or error}).",
            "Make it readable for yourself, or move it away.",
        ) from error
    return {
        setting.name: _checked(setting, value, path, text, home)
        for setting, value in _known(_parse(path, text), path, text)
    }


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _TOML_PLACE.search(str(error))
        line = int(found[1]) if found and found[1] else text.count("\n") + 1
        words = _TOML_PLACE.sub("", str(error)).strip()
        raise SettingsError(
            f"{path}, line {line}: this is not TOML ({words}).",
            'A setting is written as name = "value".',
        ) from error


_TOML_PLACE = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)")
"""How ``tomllib`` says where (before Python 3.14 only in the message's words)."""


def _known(
    values: Mapping[str, Any], path: Path, text: str
) -> Iterable[tuple[Setting, Any]]:
    table = {setting.name: setting for setting in SETTINGS}
    for name, value in values.items():
        if name not in table:
            raise SettingsError(
                f"{path}, line {_line_of(name, text)}: there is no setting {name!r}.",
                _nearest(name, table),
            )
        yield table[name], value


def _nearest(name: str, names: Iterable[str]) -> str:
    import difflib  # 3 ms that only a wrong name costs

    known = list(names)
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        return f"The nearest right name is {near[0]!r}."
    return f"The settings are {', '.join(known)}."


def _checked(setting: Setting, value: Any, path: Path, text: str, home: Path) -> Any:
    """The value converted, or an error that names the file and the line."""
    try:
        return convert(setting, value, path.parent, home)
    except ValueError as error:
        line = _line_of(setting.name, text)
        raise SettingsError(
            f"{path}, line {line}: {setting.name} {error}.", f"{setting.help}"
        ) from None


def _line_of(name: str, text: str) -> int:
    """The line of a top-level key, table or dotted key, from 1."""
    key = re.escape(name)
    pattern = re.compile(rf"""^\s*\[{{0,2}}\s*["']?{key}["']?\s*[=.\]]""")
    for number, line in enumerate(text.splitlines(), 1):
        if pattern.match(line):
            return number
    return 1
