"""The card: which run its buttons are about."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from opsdash_widgets.core.model import Run
from opsdash_widgets.ui.controls.run_card import RunCard


@pytest.mark.parametrize("kind", ["stop", "kill", "again", "close", "switch"])
def test_each_button_is_reported_with_the_run_it_was_pressed_for(kind: str) -> None:
    card = RunCard(run={"run_id": "r2"})
    heard: list[str] = []
    getattr(card, f"on_{kind}")(lambda _, run_id: heard.append(run_id))
    card._dispatch(None, {"kind": kind, "run_id": "r1"}, [])
    card._dispatch(None, {"kind": kind}, [])
    assert heard == ["r1", "r2"]


def test_a_card_without_a_run_reports_nothing() -> None:
    card = RunCard()
    heard: list[str] = []
    card.on_stop(lambda _, run_id: heard.append(run_id))
    card._dispatch(None, {"kind": "stop"}, [])
    assert heard == []


def test_a_card_takes_a_run_or_what_holds_one(make_run: Callable[..., Run]) -> None:
    run = make_run()
    held = SimpleNamespace(record=run)
    assert RunCard(run).run["run_id"] == run.run_id
    assert RunCard(run=held).run == RunCard(run).run
