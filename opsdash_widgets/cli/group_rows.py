"""Groups as lines of ``opsdash ps``: what waits in one is one line, not hundreds."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..core.model import Run
    from ..core.service import Service


def waits_in_group(run: Run) -> bool:
    """Whether a run is one of those that its group's line stands for."""
    return run.word == "queued" and run.spec.group != ""


def group_rows(service: Service) -> list[dict[str, str]]:
    """The lines of the groups that have not ended, the newest first."""
    from .group_progress import progress_words
    from .times import ago, duration

    rows = []
    for group in service.groups.recent():
        progress = service.groups.progress(group.group_id)
        if progress.done == progress.total:
            continue
        took = duration(None) if progress.started is None else ""
        rows.append(
            {
                "RUN": group.group_id,
                "STATE": str(progress.state),
                "MODULE": group.module,
                "STARTED": ago(group.created),
                "TOOK": took,
                "EXIT": "",
                "ENV": group.environment or "-",
                "BY": group.requested_by,
                "WHY": progress.notice or progress_words(progress),
            }
        )
    return rows
