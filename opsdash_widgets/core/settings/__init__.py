"""The one table of settings, and the reading of the files that set them.

A setting comes from the project's ``opsdash.toml``, else from the one in the home
folder, else from the table's default. Loading, the documentation and the error texts
all come from ``SETTINGS``: a setting is added there and as a field of ``Settings``,
and nowhere else.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from ..errors import SettingsError
from .files import FILE_NAME, read_file
from .home import HOME_VARIABLE, ensure_home, home_folder
from .table import SETTINGS, Setting, SettingType
from .values import convert

__all__ = [
    "FILE_NAME",
    "HOME_VARIABLE",
    "SETTINGS",
    "Setting",
    "SettingType",
    "Settings",
    "ensure_home",
    "home_folder",
    "load_settings",
]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings in force.

    Attributes:
        home: the home folder (it may not be there yet: see ``ensure_home``).
        project: the folder of the project's ``opsdash.toml``, else the current one.

    The other fields are the rows of ``SETTINGS``, which says what each is for.
    """

    home: Path
    project: Path
    runners_package: tuple[str, ...]
    dashboard_name: str
    runs_db: Path
    config_file: Path
    default_environment: str
    file_roots: tuple[Path, ...]
    controls_module: str
    probe_timeout_s: float
    validate_before_launch: bool
    validate_timeout_s: float
    stop_ask_s: float
    stop_grace_s: float
    limit_time_s: float
    limit_memory_mib: float
    limit_output_mib: float
    limit_log_mib: float

    @property
    def limits(self) -> dict[str, float]:
        """The limits of a launch that does not say (``model.LIMITS``); 0 for none."""
        return {
            "time_s": self.limit_time_s,
            "memory_mib": self.limit_memory_mib,
            "output_mib": self.limit_output_mib,
            "log_mib": self.limit_log_mib,
        }

    @property
    def runs_dir(self) -> Path:
        """The folder of the run directories."""
        return self.home / "logs" / "runs"


def load_settings(project: Path | None = None) -> Settings:
    """The settings in force for a project.

    Args:
        project: the project's folder. Without it, the nearest folder with an
            ``opsdash.toml`` from the current one upwards, else the current one.

    Raises:
        SettingsError: a file cannot be read, or a setting in it is unknown, of the
            wrong type or out of bounds (the message names the file and the line); or
            the current folder is gone.
        HomeError: there is no home folder to be found.
    """
    home = home_folder()
    folder = Path(project).absolute() if project else _find_project(home)
    values: dict[str, Any] = {
        setting.name: convert(setting, setting.default, folder, home)
        for setting in SETTINGS
    }
    for base in dict.fromkeys((home, folder)):
        values |= read_file(base / FILE_NAME, home)
    return Settings(home=home, project=folder, **values)


def _find_project(home: Path) -> Path:
    try:
        here = Path.cwd()
    except FileNotFoundError as error:
        raise SettingsError(
            "The current folder is not there any more.", "Change to another folder."
        ) from error
    for folder in (here, *here.parents):
        # The home folder's file is no project's, even for a shell standing in it.
        if folder != home and (folder / FILE_NAME).is_file():
            return folder
    return here
