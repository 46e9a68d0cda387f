"""A run's card with its log, kept live: what a cell shows of a run."""

from __future__ import annotations

import asyncio
from typing import Any

import ipywidgets

from ..core.model import Run
from ..core.service import Service
from .controls.log_tail import LogTail
from .controls.run_card import RunCard
from .live import run_in_background, write_traits
from .run_row import run_row

POLL_S = 0.5
"""How often the run directory is read while the run is active."""


def live_card(service: Service, run_id: str) -> ipywidgets.Widget:
    """A card that follows one run until its end, over the end of its log.

    The card's buttons act through the service, as the actor that opened it.

    Raises:
        RunNotFound: there is no such run.
    """
    card = RunCard(run=run_row(service.run(run_id)))
    log = LogTail(service.log(run_id), height="200px")
    writer, ending = write_traits(card), write_traits(log)

    def show(run: Run) -> None:
        rungs = [{"rung": r.rung, "time": r.at} for r in service.stop_rungs(run.run_id)]
        writer.put(run=run_row(run), rungs=rungs)
        ending.put(ended=run.is_terminal)

    async def follow() -> None:
        while True:
            run = await asyncio.to_thread(service.run, run_id)
            await asyncio.to_thread(show, run)
            if run.is_terminal:
                return
            await asyncio.sleep(POLL_S)

    def stop(_: Any, found: str) -> None:
        show(service.stop(found))

    def kill(_: Any, found: str) -> None:
        show(service.stop(found, kill_now=True))

    card.on_stop(stop)
    card.on_kill(kill)
    run_in_background(follow())
    return ipywidgets.VBox([card, log])
