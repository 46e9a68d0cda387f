"""The card: which run its buttons are about."""

from __future__ import annotations

import pytest

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
