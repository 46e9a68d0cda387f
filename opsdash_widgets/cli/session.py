"""The service as a terminal command uses it."""

from __future__ import annotations

import argparse
import contextlib
import getpass
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from .terminal import tell

if TYPE_CHECKING:
    from ..core.service import Service


def project_folder(args: argparse.Namespace) -> Path | None:
    """The project's folder, where one was named."""
    return Path(args.project).absolute() if args.project else None


@contextlib.contextmanager
def opened_service(args: argparse.Namespace) -> Iterator[Service]:
    """The service for a command; what it has to say about the registry is said.

    Raises:
        OpsdashError: the settings, the home folder or the registry cannot be used.
    """
    from ..core.model import Actor
    from ..core.service import open_service

    actor = Actor(name=getpass.getuser(), origin="terminal")
    service = open_service(project_folder(args), actor)
    if service.notice:
        tell(service.notice)
    try:
        yield service
    finally:
        service.close()
