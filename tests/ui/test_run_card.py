"""The card: which run its buttons are about."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace

import msgspec
import pytest

from opsdash_widgets.core.model import Resources, Run, Sample, Totals
from opsdash_widgets.ui.controls.run_card import RunCard
from opsdash_widgets.ui.resource_row import look_again_s, with_totals


@pytest.mark.parametrize(
    "kind", ["stop", "kill", "pause", "resume", "again", "close", "switch"]
)
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


def test_what_a_run_uses_is_shown_in_columns_and_taken_away_again() -> None:
    card = RunCard()
    samples = [
        Sample(
            at=100.04 + second,
            cpu_percent=12.34,
            rss=1 << 20,
            read_rate=0.4,
            write_rate=2048.0,
            threads=2,
            processes=1,
            paused=second == 1,
        )
        for second in range(2)
    ]
    used = Resources(samples=tuple(samples), totals=Totals(peak_rss=1 << 21))
    card.show_resources(used)
    assert card.resources["at"] == [100.0, 101.0]
    assert card.resources["cpu"] == [12.3, 12.3]
    assert card.resources["paused"] == [0, 1]
    assert card.resources["totals"]["peak_rss"] == 1 << 21
    assert json.loads(json.dumps(card.resources)) == card.resources
    card.show_resources(None)
    assert card.resources == {}


def test_a_long_runs_use_is_read_less_often() -> None:
    assert [look_again_s(seconds) for seconds in (None, 60.0, 36000.0)] == [1, 1, 10]


def test_the_end_of_a_run_brings_its_totals_at_once(
    make_run: Callable[..., Run],
) -> None:
    run = make_run()
    assert with_totals({"totals": {"peak_rss": 1}}, run) == {"totals": {"peak_rss": 1}}
    verdict = msgspec.structs.replace(run.verdict, totals=Totals(peak_rss=2))
    ended = msgspec.structs.replace(run, verdict=verdict)
    assert with_totals({"at": [], "totals": {}}, ended)["totals"]["peak_rss"] == 2
    assert with_totals({}, ended) == {}
