"""A run's card in a cell: it follows the run, and its buttons act on it."""

from __future__ import annotations

from typing import Any

from opsdash_widgets.core.model import LaunchRequest
from opsdash_widgets.core.service import Service
from opsdash_widgets.ui.live_card import live_card

from .conftest import until


def test_a_card_in_a_cell_pauses_resumes_and_stops_its_run(service: Service) -> None:
    run = service.launch(LaunchRequest(module="jobs.sleeps", environment="DEV"))
    card = live_card(service, run.run_id).children[0]
    until(lambda: card.run["word"] == "running", "it runs")
    until(lambda: card.resources.get("at"), "what it uses is shown")
    press(card, "pause")
    until(lambda: card.run["word"] == "paused", "it is paused")
    press(card, "resume")
    until(lambda: card.run["word"] == "running", "it goes on")
    press(card, "stop")
    until(lambda: card.rungs, "the ladder is shown")
    assert set(card.rungs[0]) >= {"rung", "at"}
    until(lambda: card.run["word"] == "stopped", "it has stopped")
    until(lambda: card.resources["totals"]["peak_rss"] > 0, "the totals are shown")


def test_what_is_refused_is_said_on_the_card(service: Service) -> None:
    request = LaunchRequest(
        module="jobs.greet", argv=("--name", "you"), environment="DEV"
    )
    run = service.launch(request)
    card = live_card(service, run.run_id).children[0]
    until(lambda: card.run["word"] == "succeeded", "it has succeeded")
    press(card, "pause")
    until(lambda: "cannot be paused" in card.problem, "the refusal is said")


def press(card: Any, kind: str) -> None:
    """What the browser sends when a button is pressed."""
    card._dispatch(None, {"kind": kind, "run_id": card.run["run_id"]}, [])
