"""Where a home folder lies, whose it is, and what its settings say."""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ...errors import SettingsError
from ...settings import FILE_NAME, HOME_VARIABLE, load_settings
from ...stores.network import network_type
from .findings import Severity, Trouble, trouble
from .home import Home

NEARLY_FULL = 512 << 20
"""Bytes of free space below which a run may not be able to say how it ended."""
FEW_INODES = 1_000
"""The same for the number of files that can still be made."""

OTHERS_WRITE = 0o002
"""A home that a group shares is one that somebody let them into; nobody means all."""


class Setting(NamedTuple):
    """What of the settings a doctor goes by.

    Attributes:
        runs_db: the registry.
        files: further files that settings name, wherever they are.
        troubles: what is wrong with the files that set them.
    """

    runs_db: Path
    files: tuple[Path, ...]
    troubles: tuple[Trouble, ...] = ()


def read_settings(home: Path, project: Path | None) -> Setting:
    """The settings in force, or the defaults where a file cannot be read."""
    default = home / "runs.db"
    own = home / FILE_NAME
    if own.exists() and not own.is_file():  # reading a FIFO would never end
        return Setting(default, (), (_not_a_file(),))
    try:
        found = load_settings(project)
    except SettingsError as error:
        return Setting(default, (), (_wrong(error, home),))
    return Setting(found.runs_db, (found.config_file, *found.file_roots))


def _not_a_file() -> Trouble:
    return trouble(
        "settings",
        FILE_NAME,
        "The settings file of the home is no file.",
        "Move it away; the settings' defaults hold then.",
        severity=Severity.ERROR,
    )


def _wrong(error: SettingsError, home: Path) -> Trouble:
    inside = str(home / FILE_NAME) in error.message
    return trouble(
        "settings",
        FILE_NAME if inside else "the project's settings",
        error.message,
        f"{error.next_step} Nothing can be launched before.",
        severity=Severity.ERROR,
    )


def home_cannot_be_opened(path: Path, error: OSError) -> Trouble:
    """Why a home cannot be looked into at all."""
    if isinstance(error, PermissionError) and path.stat().st_uid == os.geteuid():
        return trouble(
            "home-mode",
            ".",
            "Its owner cannot use the home folder.",
            "`opsdash doctor --fix` makes its mode 0700.",
            severity=Severity.ERROR,
            repair=lambda: _opened_up(path),
        )
    said = "is no folder" if isinstance(error, NotADirectoryError) else error.strerror
    return trouble(
        "home",
        ".",
        f"The home folder cannot be opened: {said}.",
        f"Set {HOME_VARIABLE} to a folder of yours.",
        severity=Severity.ERROR,
    )


def _opened_up(path: Path) -> str:
    path.chmod(0o700)
    return "Its mode is 0700 now."


def examine_home(home: Home) -> Iterator[Trouble]:
    """What is wrong with the home folder itself and the disk that it is on."""
    yield from _owner(home)
    yield from _mode(home)
    yield from _place(home.path)
    yield from _disk(home.path)


def _owner(home: Home) -> Iterator[Trouble]:
    if home.is_ours:
        return
    yield trouble(
        "home-owner",
        ".",
        f"The home folder belongs to {_user(home.owner)}, and you are "
        f"{_user(os.geteuid())}.",
        f"Run this as {_user(home.owner)}, or set {HOME_VARIABLE}; nothing is repaired "
        "in another user's home.",
        severity=Severity.ERROR,
    )


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


def _mode(home: Home) -> Iterator[Trouble]:
    lacking = 0o700 & ~home.mode
    if lacking or home.mode & OTHERS_WRITE:
        wanted = 0o700
        what = "its owner cannot use it" if lacking else "every user may change it"
        yield trouble(
            "home-mode",
            ".",
            f"The mode of the home folder is {home.mode:04o}: {what}.",
            f"`opsdash doctor --fix` makes it {wanted:04o}.",
            severity=Severity.ERROR,
            repair=lambda: _with_mode(home, wanted),
        )
    elif home.mode & 0o077:
        yield trouble(
            "home-shared",
            ".",
            f"The mode of the home folder is {home.mode:04o}: others were let in.",
            f"If they should not be, `chmod 700 {home.path}`.",
            severity=Severity.NOTE,
        )


def _with_mode(home: Home, mode: int) -> str:
    with home.folder() as fd:
        os.chmod(fd, mode)  # noqa: PTH101 - no path, a descriptor
    home.refresh()
    return f"Its mode is {mode:04o} now."


def _place(path: Path) -> Iterator[Trouble]:
    if stat.S_ISLNK(path.lstat().st_mode):
        yield trouble(
            "home-link",
            ".",
            f"The home folder is a link to {path.resolve()}.",
            f"If it should not be, set {HOME_VARIABLE} to the folder itself.",
            severity=Severity.NOTE,
        )
    kind = network_type(path)
    if kind:
        yield trouble(
            "network",
            ".",
            f"The home folder lies on a network file system ({kind}), where locks "
            "cannot be trusted.",
            f"Set {HOME_VARIABLE} to a folder on a local disk.",
        )


def _disk(path: Path) -> Iterator[Trouble]:
    found = os.statvfs(path)
    free = found.f_bavail * found.f_frsize
    if free < NEARLY_FULL:
        yield trouble(
            "disk-full",
            ".",
            f"The disk of the home folder has {free / 1e6:,.0f} MB left.",
            "Free some space: new runs cannot be launched on a full disk.",
        )
    elif found.f_files and found.f_favail < FEW_INODES:
        yield trouble(
            "disk-full",
            ".",
            f"The disk of the home folder takes {found.f_favail:,} more files only.",
            "Remove what is not needed: a run needs about fifteen.",
        )
