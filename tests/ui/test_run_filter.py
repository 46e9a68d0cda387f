"""The filter box: words and tokens -> a query, or a sentence."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsdash_widgets.core.model import Outcome, RunQuery, RunState
from opsdash_widgets.ui.controls.run_filter import HELP, FilterError, parse_filter

NOW = dt.datetime(2025, 6, 15, 14, 30).astimezone().timestamp()
MIDNIGHT = dt.datetime(2025, 6, 15).astimezone().timestamp()


def parsed(text: str) -> RunQuery:
    return parse_filter(text, me="anna", now=NOW)


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", RunQuery()),
        ("  eurusd   curves ", RunQuery(text="eurusd curves")),
        ('"status:failed" x', RunQuery(text="status:failed x")),
        ('"never closed', RunQuery(text="never closed")),
        ("user:me", RunQuery(users=("anna",))),
        ("user:me,batch", RunQuery(users=("anna", "batch"))),
        ("user:me user:batch", RunQuery(users=("anna", "batch"))),
        ('user:"Anna B"', RunQuery(users=("Anna B",))),
        ("env:PROD", RunQuery(environments=("PROD",))),
        ("module:price", RunQuery(modules=("*price*",))),
        ("module:runners.*", RunQuery(modules=("runners.*",))),
        ("status:running", RunQuery(states=(RunState.RUNNING,))),
        ("status:Failed", RunQuery(outcomes=(Outcome.FAILED,))),
        ("status:start-failed", RunQuery(outcomes=(Outcome.START_FAILED,))),
        ("outcome:lost", RunQuery(outcomes=(Outcome.LOST,))),
        ("since:2d", RunQuery(since=NOW - 2 * 86400)),
        ("since:1.5h until:30m", RunQuery(since=NOW - 5400, until=NOW - 1800)),
        ("since:today", RunQuery(since=MIDNIGHT)),
        ("until:2025-06-15", RunQuery(until=MIDNIGHT)),
        ("since:2025-06-15T14:30", RunQuery(since=NOW)),
        ("status:", RunQuery()),
        ("user:,", RunQuery()),
        ("KeyError: x", RunQuery(text="KeyError x")),
        ("status:succ", RunQuery(outcomes=(Outcome.SUCCEEDED,))),
        ("status:kil,los", RunQuery(outcomes=(Outcome.KILLED, Outcome.LOST))),
        ("--paths=3 a=b", RunQuery(text="--paths=3 a=b")),
    ],
)
def test_the_box_says_what_the_query_holds(text: str, query: RunQuery) -> None:
    assert parsed(text) == query


def test_states_and_outcomes_together_ask_for_either() -> None:
    query = parsed("status:running,failed")
    assert query.states == (RunState.RUNNING, RunState.FINISHED)
    assert query.outcomes == (Outcome.FAILED,)


def test_active_means_every_state_before_the_end() -> None:
    assert RunState.FINISHED not in parsed("status:active").states
    assert len(parsed("status:active").states) == len(RunState) - 1


def test_yesterday_began_at_midnight() -> None:
    assert parsed("since:yesterday").since == pytest.approx(MIDNIGHT - 86400, abs=3601)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("stat:failed", "There is no filter “stat”. Did you mean status?"),
        ("colour:red", "There is no filter “colour”. Use status, module, user, env,"),
        ("http://x", 'To search for the text, write "http://x".'),
        ("status:faild", "There is no status “faild”. Did you mean failed?"),
        ("status:zzz", "There is no status “zzz”. Use active, queued, starting,"),
        ("since:soon", "“soon” is no time: use 30m, 24h, 7d,"),
        ("until:2025-13-45", "“2025-13-45” is no time"),
    ],
)
def test_what_is_no_filter_is_named_with_what_can_be_used(
    text: str, sentence: str
) -> None:
    with pytest.raises(FilterError) as caught:
        parsed(text)
    assert sentence in str(caught.value)


def test_every_example_of_the_help_can_be_typed() -> None:
    for token, _ in HELP:
        assert parsed(token) != RunQuery()


@given(st.text(max_size=40))
def test_any_text_is_a_query_or_a_sentence(text: str) -> None:
    try:
        parsed(text)
    except FilterError as error:
        assert str(error).endswith(".")  # noqa: PT017 - both ends are right
