"""Where a module is asked: its interpreter, its folder, its variables."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from ..errors import EnvironmentNotUsable


def interpreter_path(interpreter: str) -> str:
    """The absolute path of a Python.

    Raises:
        EnvironmentNotUsable: it is not there.
    """
    # A name on the PATH, or a path; Path("python3") would say the same of both.
    named = os.path.expanduser(interpreter)  # noqa: PTH111 - see above
    found = shutil.which(named) if named else None
    if found is None:
        raise EnvironmentNotUsable(
            f"There is no Python interpreter at `{interpreter}`.",
            "Correct the environment's interpreter, or choose another environment.",
        )
    return os.path.abspath(found)  # noqa: PTH100 - resolving would leave the venv


def working_folder(cwd: str | Path) -> Path:
    """The folder that a module would be started in.

    Raises:
        EnvironmentNotUsable: it is not there.
    """
    folder = Path(cwd).expanduser().absolute()
    if not folder.is_dir():
        raise EnvironmentNotUsable(
            f"The working folder `{folder}` is not there.",
            "Create it, or correct the working folder of the environment.",
        )
    return folder


def child_variables(
    folder: Path, variables: Mapping[str, str] | None
) -> dict[str, str]:
    """The variables of a probed module: as at a launch, leaving no trace."""
    own = {**os.environ, **(variables or {})}
    own.update(PYTHONDONTWRITEBYTECODE="1")
    if own.get("PYTHONPATH"):
        # The probe runs elsewhere; relative entries mean the module's own folder.
        entries = own["PYTHONPATH"].split(os.pathsep)
        own["PYTHONPATH"] = os.pathsep.join(str(folder / entry) for entry in entries)
    return own


def cannot_start(interpreter: str, error: OSError) -> EnvironmentNotUsable:
    """The error for a Python that is there but does not start."""
    return EnvironmentNotUsable(
        f"The interpreter `{interpreter}` cannot be started: {error.strerror}.",
        "Correct the environment's interpreter, or choose another environment.",
    )
