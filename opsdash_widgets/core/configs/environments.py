"""What the sections of ``config.ini`` mean: environments, and what is wrong in them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from ..model import Environment
from ..settings import Settings
from .ini import DEFAULTS, ConfigFile

INTERPRETER_KEYS = ("INTERPRETER", "PYTHON")
PREFIX_KEY = "CONDA_ENV"
FOLDER_KEY = "CWD"
PRODUCTION_KEY = "PRODUCTION"
PRODUCTION_NAME = "PROD"
_NO_VARIABLES = (*INTERPRETER_KEYS, FOLDER_KEY, PRODUCTION_KEY)

_YES = ("yes", "true", "on", "1")
_NO = ("no", "false", "off", "0", "")


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that will not work as it stands; the file can still be saved.

    Attributes:
        section: where it is.
        key: where it is in the section.
        message: what is wrong and what to do.
    """

    section: str
    key: str
    message: str


def environments(file: ConfigFile, settings: Settings) -> tuple[Environment, ...]:
    """The named environments, in the order of the file.

    ``INTERPRETER`` (or ``PYTHON``) is the Python, else the one in the folder that
    ``CONDA_ENV`` names; ``CWD`` the working directory; ``PRODUCTION = yes``, or the
    name PROD, asks before a launch. Everything else becomes a variable, as it stands;
    an empty value sets nothing. Relative paths start at the project's folder. An
    interpreter that is not there is kept as it was named, so that a launch is refused
    instead of using another Python.
    """
    return tuple(
        _environment(name, values, settings.project)
        for name, values in _values(file).items()
    )


def problems(file: ConfigFile, folder: Path) -> tuple[Problem, ...]:
    """What will not work, for a view to show at the key.

    Args:
        file: the configuration.
        folder: where relative paths start.
    """
    found = []
    for section in file.sections:
        for entry in section.entries:
            message = _problem(entry.key.upper(), entry.value, folder)
            if message:
                found.append(
                    Problem(section=section.name, key=entry.key, message=message)
                )
    return tuple(found)


def is_production(name: str, values: Mapping[str, str]) -> bool:
    """Whether a launch in the environment of that name and entries asks first.

    A value of ``PRODUCTION`` that is neither yes nor no is taken as yes.
    """
    said = next((v for k, v in values.items() if k.upper() == PRODUCTION_KEY), "")
    return name.upper() == PRODUCTION_NAME or said.lower() not in _NO


def _values(file: ConfigFile) -> dict[str, dict[str, str]]:
    """Section -> key -> value, with the entries of ``DEFAULT`` under each."""
    shared = file.section(DEFAULTS)
    base = {entry.key: entry.value for entry in shared.entries} if shared else {}
    return {
        section.name: base | {entry.key: entry.value for entry in section.entries}
        for section in file.sections
        if section.name != DEFAULTS
    }


def _environment(name: str, values: dict[str, str], folder: Path) -> Environment:
    special = {key.upper(): value for key, value in values.items() if value}
    return Environment(
        name=name,
        interpreter=_interpreter(special, folder),
        variables={
            key: value
            for key, value in values.items()
            if value and key.upper() not in _NO_VARIABLES
        },
        cwd=_absolute(special[FOLDER_KEY], folder) if FOLDER_KEY in special else "",
        production=is_production(name, values),
    )


def _interpreter(special: dict[str, str], folder: Path) -> str:
    for key in INTERPRETER_KEYS:
        if key in special:
            return _absolute(special[key], folder)
    if PREFIX_KEY not in special:
        return ""
    return _absolute(f"{special[PREFIX_KEY]}/bin/python", folder)


def _absolute(text: str, folder: Path) -> str:
    return os.path.join(folder, os.path.expanduser(text))  # noqa: PTH111, PTH118 - expanduser() of a Path raises for an unknown user


def _problem(key: str, value: str, folder: Path) -> str:
    """One sentence on what is wrong with a value, or nothing."""
    if not value:
        return ""
    path = Path(_absolute(value, folder))
    if key in INTERPRETER_KEYS and not os.access(path, os.X_OK):
        return f"There is no program {path}."
    if key == PREFIX_KEY:
        return _prefix_problem(value, path)
    if key == FOLDER_KEY and not path.is_dir():
        return f"There is no folder {path}."
    if key == "CONFIG_PATH" and not path.exists():
        return f"There is no {path}."
    if key == PRODUCTION_KEY and value.lower() not in (*_YES, *_NO):
        return "This is taken as yes; write yes or no."
    return ""


def _prefix_problem(value: str, path: Path) -> str:
    if os.access(path / "bin" / "python", os.X_OK):
        return ""
    if "/" not in value:
        return (
            f"{value} is no folder; give the path of the environment's folder, "
            "the one that contains bin/python."
        )
    return f"There is no {path / 'bin' / 'python'}."
