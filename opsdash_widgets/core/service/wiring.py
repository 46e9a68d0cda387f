"""The composition root: the one place that chooses the technologies."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from ..executors import LocalExecutor
from ..model import Actor
from ..settings import ensure_home, home_folder, load_settings
from ..stores import open_store
from .audit import AuditLog
from .service import Service
from .syncing import Registry

if TYPE_CHECKING:
    from .doctor import Doctor


def open_service(project: Path | None = None, actor: Actor | None = None) -> Service:
    """A service on this machine's home folder and the project's settings.

    Args:
        project: the folder of the project's ``opsdash.toml``; found from the working
            directory where not given.
        actor: who acts; local use is the operating system's user, as admin.

    Raises:
        SettingsError: a settings file is wrong.
        HomeError: the home folder cannot be used.
        StoreError: the registry cannot be used.
    """
    settings = load_settings(project)
    ensure_home(settings.home)
    return Service(
        settings=settings,
        actor=actor or Actor(name=getpass.getuser()),
        registry=Registry(open_store(settings.runs_db), settings.runs_dir),
        executor=LocalExecutor(),
        audit=AuditLog(settings.home / "logs" / "audit.jsonl"),
    )


def open_doctor(project: Path | None = None, actor: Actor | None = None) -> Doctor:
    """A doctor of this machine's home folder, which needs nothing that it repairs.

    Args:
        project: as for ``open_service``.
        actor: who acts; local use is the operating system's user, as admin.

    Raises:
        HomeError: there is no home folder to be found.
    """
    from .doctor import Doctor  # 20 ms that every other command saves

    home = home_folder()
    return Doctor(
        home,
        project,
        actor or Actor(name=getpass.getuser()),
        AuditLog(home / "logs" / "audit.jsonl"),
        LocalExecutor(),
    )
