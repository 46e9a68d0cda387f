"""A group as ``opsdash show`` tells it: parameters and outcomes, one line a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .terminal import emit_json, heading, write_table

if TYPE_CHECKING:
    from ..core.model import GroupRow
    from ..core.service import Service


def show_group(service: Service, name: str, *, as_json: bool) -> int:
    """Show a group; its exit code is 0 whatever became of it."""
    from ..core.redaction import safe_text
    from .group_progress import progress_words

    service.sync()
    progress = service.groups.progress(name)
    group = progress.group
    rows = service.groups.table(group.group_id)
    if as_json:
        emit_json(
            {
                "group_id": group.group_id,
                "module": group.module,
                "title": group.title,
                "state": str(progress.state),
                "counts": progress.counts,
                "total": progress.total,
                "limit": group.limit,
                "fields": list(group.fields),
                "runs": [_json(row) for row in rows],
            }
        )
        return 0
    print(heading(safe_text(f"{group.module}  {group.group_id}")))
    print(f"  {safe_text(group.title)}")
    print(f"  {progress_words(progress)}; {group.limit} at a time")
    if progress.notice:
        print(f"  {safe_text(progress.notice)}")
    headers = [*group.fields, "STATE", "TOOK", "RUN", "WHY"]
    cells = [[*row.point, *_cells(row)] for row in rows]
    write_table(headers, cells, state=len(group.fields), keep=len(group.fields) + 2)
    return 0


def _cells(row: GroupRow) -> list[str]:
    from .times import duration

    run = row.run
    if run is None:
        return ["lost", "", row.run_id, "Its folder was never made, or is gone."]
    why = run.explanation or run.verdict.reason
    return [run.word, duration(run.verdict.duration), run.run_id, why]


def _json(row: GroupRow) -> dict[str, object]:
    run = row.run
    return {
        "run_id": row.run_id,
        "point": list(row.point),
        "tries": row.tries,
        "word": run.word if run else "lost",
        "duration": run.verdict.duration if run else None,
        "exit_code": run.verdict.exit_code if run else None,
        "why": (run.explanation or run.verdict.reason) if run else "",
    }
