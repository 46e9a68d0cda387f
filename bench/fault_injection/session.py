"""A session on a home, as a panel is one: it launches, stops, pauses, and watches.

``python -m bench.fault_injection.session PROJECT NAME``; one JSON command a line in,
one JSON answer a line out. It is made to be killed.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import threading
import traceback
from pathlib import Path
from typing import Any

from opsdash_widgets.core.errors import OpsdashError
from opsdash_widgets.core.model import Actor, LaunchRequest, RunQuery
from opsdash_widgets.core.service import Service, open_service

WATCH_S = 0.3
EVERY_RUN = 1_000_000
BROKEN = 70
"""Exit code (``EX_SOFTWARE``) of a session that an error has ended."""


def main(project: str, name: str) -> None:
    """Obey until the commands end."""
    service = open_service(Path(project), Actor(name=name))
    threading.Thread(target=_watch, args=(service,), daemon=True).start()
    for line in sys.stdin:
        command = json.loads(line)
        try:
            answer = _obey(service, command)
        except OpsdashError as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps({**answer, "number": command["number"]}), flush=True)


def _watch(service: Service) -> None:
    """Watch as a page does; one whose watching breaks is counted as dead."""

    async def forever() -> None:
        while True:
            try:
                async for _ in service.watch(poll_s=WATCH_S):
                    pass
            except OpsdashError:  # a registry that is locked: look again
                await asyncio.sleep(WATCH_S)

    try:
        asyncio.run(forever())
    except Exception:  # noqa: BLE001 - told below
        traceback.print_exc()
        os._exit(BROKEN)


def _obey(service: Service, command: dict[str, Any]) -> dict[str, Any]:
    match command:
        case {"do": "launch", "module": module, "argv": argv, "limits": limits}:
            request = LaunchRequest(module=module, argv=tuple(argv), limits=limits)
            return {"run_id": service.launch(request).run_id}
        case {"do": "stop", "run_id": run_id, "kill_now": kill_now}:
            return {"word": service.stop(run_id, kill_now=kill_now).word}
        case {"do": "pause", "run_id": run_id}:
            return {"word": service.pause(run_id).word}
        case {"do": "resume", "run_id": run_id}:
            return {"word": service.resume(run_id).word}
        case {"do": "list"}:
            return {"runs": _all(service)}
    raise ValueError(command)


def _all(service: Service) -> dict[str, Any]:
    """What this face shows of every run: word, exit code, signal, reason."""
    service.sync()
    shown = {}
    for run in service.runs(RunQuery(limit=EVERY_RUN)).runs:
        v = run.verdict
        shown[run.run_id] = [run.word, v.exit_code, v.signal, v.reason, v.rule]
    return shown


if __name__ == "__main__":
    main(*sys.argv[1:])
