"""The server starts what waits in groups: a sweep goes on when its page is closed."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
from pathlib import Path

POLL_S = 0.5
"""How often the records of groups are looked at; a thread starts their runs."""
TROUBLE_S = 10.0
"""How long to wait after the home folder or the registry could not be used."""


async def start_what_waits(project: Path) -> None:
    """Be there for runs that wait, for as long as the server is.

    Args:
        project: the folder of the project's settings.
    """
    from opsdash_widgets.core.errors import OpsdashError

    while True:
        with contextlib.suppress(OpsdashError):  # each page says what is wrong
            await _attend(project)
        await asyncio.sleep(TROUBLE_S)


async def _attend(project: Path) -> None:
    from opsdash_widgets.core.model import Actor
    from opsdash_widgets.core.service import open_service

    actor = Actor(name=getpass.getuser(), origin="page")
    service = await asyncio.to_thread(open_service, project, actor)
    try:
        while True:
            await asyncio.to_thread(service.groups.attend)
            await asyncio.sleep(POLL_S)
    finally:
        service.close()
