"""Stopping a group from a terminal."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from .group_progress import ProgressLine, progress_words
from .terminal import tell

if TYPE_CHECKING:
    from ..core.service import Service

POLL_S = 0.1


def is_group(service: Service, name: str) -> bool:
    """Whether a name is that of a group: no run's id begins or ends with a ``g``."""
    from ..core.errors import GroupNotFound, RunNotFound

    try:
        if name.startswith("g"):
            service.groups.get(name)
            return True
        service.run(name)
    except GroupNotFound:
        return False
    except RunNotFound:
        try:
            service.groups.get(name)
        except GroupNotFound:
            return False
        return True
    return False


def stop_group(service: Service, name: str, *, now: bool, wait: bool) -> None:
    """Stop a group; what waits never starts, each run climbs its own ladder."""
    group_id = service.groups.get(name).group_id
    service.sync()
    before = service.groups.progress(group_id)
    if before.done == before.total:
        tell(f"{group_id} had already ended: {progress_words(before)}.")
        return
    progress = service.groups.stop(group_id, kill_now=now)
    asked = "are being killed" if now else "are asked to stop"
    tell(
        f"{group_id}: {before.queued:,} will not start, {before.active:,} that run "
        f"{asked}."
    )
    line = ProgressLine()
    while wait and progress.done < progress.total:
        time.sleep(POLL_S)
        service.sync()
        progress = service.groups.progress(group_id)
        line.show(progress)
    line.clear()
    if wait:
        tell(f"{group_id}: {progress_words(progress)}.")
