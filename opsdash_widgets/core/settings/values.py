"""A value of a settings file, checked against its row of the table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .home import HOME_VARIABLE
from .table import Setting, SettingType


def convert(setting: Setting, value: Any, folder: Path, home: Path) -> Any:
    """The value as ``Settings`` holds it.

    Raises:
        ValueError: the value is not one; the text continues the setting's name.
    """
    match setting.type:
        case SettingType.NUMBER:
            return _number(setting, value)
        case SettingType.SWITCH:
            return _switch(value)
        case SettingType.MODULE_NAMES:
            return _module_names(value)
        case SettingType.PATH:
            return _path(value, folder, home)
        case SettingType.PATHS:
            return _paths(value, folder, home)
        case SettingType.TEXT:
            return _text(value)


def _number(setting: Setting, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"must be a number, not {_shown(value)}")
    low, high = setting.bounds or (float("-inf"), float("inf"))
    if not low <= value <= high:  # also refuses nan
        raise ValueError(f"must be between {low:g} and {high:g}, not {_shown(value)}")
    return float(value)


def _switch(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, not {_shown(value)}")
    return value


def _module_names(value: Any) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not names:
        raise ValueError(
            f"must be a module name or a list of them, not {_shown(value)}"
        )
    for name in names:
        if not isinstance(name, str) or not all(
            part.isidentifier() for part in name.split(".")
        ):
            raise ValueError(
                f'must hold module names such as "runners", not {_shown(name)}'
            )
    return tuple(dict.fromkeys(names))


def _path(value: Any, folder: Path, home: Path) -> Path:
    text = _text(value)
    if not text or "\0" in text:
        raise ValueError(f"must be a path, not {_shown(value)}")
    text = text.replace(f"${HOME_VARIABLE}", str(home))
    try:
        return folder / Path(text).expanduser()
    except RuntimeError:
        raise ValueError(f"names a user whose home is not known: {text!r}") from None


def _paths(value: Any, folder: Path, home: Path) -> tuple[Path, ...]:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list | tuple):
        raise ValueError(f"must be a path or a list of them, not {_shown(value)}")
    return tuple(dict.fromkeys(_path(each, folder, home) for each in given))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"must be text in quotes, not {_shown(value)}")
    return value


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
