"""The home folder: where it is, and making it."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from ..errors import HomeError

HOME_VARIABLE = "OPSDASH_HOME"
"""The environment variable that moves the home folder."""


_OUTER = ("logs", "cache")
"""Folders that others are made in: ``parents=True`` would make them for everybody."""


def home_folder() -> Path:
    """``$OPSDASH_HOME``, else ``~/.dashboard``, as an absolute path.

    Raises:
        HomeError: neither the variable nor the user's own home is known.
    """
    named = os.environ.get(HOME_VARIABLE, "")
    try:
        home = Path(named).expanduser() if named else Path.home() / ".dashboard"
    except RuntimeError as error:
        raise HomeError(
            "The user's home folder is not known.",
            f"Set {HOME_VARIABLE} to a folder of yours.",
        ) from error
    return home.absolute()


def ensure_home(home: Path) -> None:
    """Make the home folder, for its owner alone, unless it is there.

    An existing folder keeps its mode: it may be one that others were let into.

    Raises:
        HomeError: it cannot be made, or nothing can be written into it.
    """
    step = f"Make it writable for yourself, or set {HOME_VARIABLE} to another folder."
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        home.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise HomeError(
            f"The home folder {home} cannot be made ({reason}).", step
        ) from error
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        raise HomeError(f"The home folder {home} cannot be written to.", step)
    for name in _OUTER:
        with contextlib.suppress(OSError):  # who needs it says what is wrong with it
            (home / name).mkdir(mode=0o700, exist_ok=True)
