"""A run's card with its log, kept live: what a cell shows of a run."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

import ipywidgets
import msgspec

from ..core.errors import OpsdashError
from ..core.model import Run
from ..core.redaction import safe_text
from ..core.service import Service
from .controls.log_tail import LogTail
from .controls.run_card import RunCard
from .live import run_in_background, write_traits
from .resource_row import POINTS, look_again_s, resource_row
from .run_row import card_row

POLL_S = 0.5
"""How often the run directory is read while the run is active."""


def live_card(service: Service, run_id: str) -> ipywidgets.Widget:
    """A card that follows one run until its end, over the end of its log.

    The card's buttons act through the service, as the actor that opened it; what it
    refuses is said on the card.

    Raises:
        RunNotFound: there is no such run.
    """
    run = service.run(run_id)
    card = RunCard(run=card_row(run))
    log = LogTail(service.log(run_id), height="200px")
    writer, ending = write_traits(card), write_traits(log)

    def show(run: Run) -> None:
        rungs = [msgspec.to_builtins(one) for one in service.stop_rungs(run.run_id)]
        writer.put(run=card_row(run), rungs=rungs)
        ending.put(ended=run.is_terminal)

    def measure() -> None:
        used = service.resources(run_id, POINTS)
        writer.put(resources=resource_row(used))

    async def follow() -> None:
        due = 0.0
        while True:
            run = await asyncio.to_thread(service.run, run_id)
            await asyncio.to_thread(show, run)
            if time.monotonic() >= due or run.is_terminal:
                await asyncio.to_thread(measure)
                due = time.monotonic() + look_again_s(run.verdict.duration)
            if run.is_terminal:
                return
            await asyncio.sleep(POLL_S)

    def action(ask: Callable[[str], Run]) -> Callable[[Any, str], None]:
        def act(_: Any, found: str) -> None:
            card.problem = ""
            try:
                show(ask(found))
            except OpsdashError as error:
                card.problem = safe_text(str(error))
            card.answered()

        return act

    card.on_stop(action(service.stop))
    card.on_kill(action(lambda found: service.stop(found, kill_now=True)))
    card.on_pause(action(service.pause))
    card.on_resume(action(service.resume))
    run_in_background(follow())
    return ipywidgets.VBox([card, log])
