"""A run as the browser gets it."""

from __future__ import annotations

import json
from collections.abc import Callable

import msgspec

from opsdash_widgets.core.model import Outcome, Run, RunState
from opsdash_widgets.core.redaction import MASK
from opsdash_widgets.ui.run_row import card_row, run_row

MakeRun = Callable[..., Run]

KEYS = {
    *("run_id", "short", "module", "word", "state", "outcome", "reason", "why"),
    *("created", "started", "ended", "duration", "user", "requested_by"),
    *("environment", "host", "argv", "run_dir", "exit_code", "signal", "rung", "pid"),
    *("active", "cwd", "interpreter"),
}


def test_a_row_has_every_key_and_is_plain_json(make_run: MakeRun) -> None:
    row = run_row(make_run(run_id="20250615-1f9c1e", user="me"))
    assert set(row) == KEYS
    assert json.loads(json.dumps(row)) == row
    assert (row["short"], row["word"], row["active"]) == ("1f9c1e", "succeeded", False)
    assert row["requested_by"] == "me"


def test_an_active_run_shows_its_state(make_run: MakeRun) -> None:
    row = run_row(make_run(state=RunState.ORPHANED, reason="Its supervisor is gone."))
    assert (row["word"], row["outcome"], row["active"]) == ("orphaned", None, True)
    assert row["why"] == "Its supervisor is gone."


def test_the_explanation_is_the_better_why(make_run: MakeRun) -> None:
    run = make_run(outcome=Outcome.FAILED, reason="exit 1", explanation="KeyError: 'x'")
    assert run_row(run)["why"] == "KeyError: 'x'"


def test_the_last_words_of_a_run_do_not_explain_an_end_that_it_did_not_see(
    make_run: MakeRun,
) -> None:
    for outcome in (Outcome.LIMIT, Outcome.LOST):
        run = make_run(outcome=outcome, reason="It.", explanation="round 7")
        assert run_row(run)["why"] == "It."


def test_an_opened_run_tells_its_limits_and_where_its_code_is_from(
    make_run: MakeRun,
) -> None:
    run = make_run()
    recorded = {
        "git": {"commit": "1a2b", "branch": "ma\x1b[31min", "dirty": True},
        "interpreter": {"implementation": "cpython", "version": "3.12.4"},
        "packages": {"digest": "abcd", "count": 3},
    }
    limits = {"log_mib": 10240.0, "time_s": 7200.0}
    spec = msgspec.structs.replace(run.spec, provenance=recorded, limits=limits)
    row = card_row(msgspec.structs.replace(run, spec=spec))
    assert row["limits"] == [["Time", "2 h"], ["Log kept", "10 GiB"]]
    assert row["provenance"] == {
        "commit": "1a2b",
        "branch": "main",
        "dirty": True,
        "note": "",
        "python": "cpython 3.12.4",
        "packages": "abcd",
        "package_count": 3,
    }
    assert set(row) > KEYS
    assert json.loads(json.dumps(row)) == row


def test_an_old_run_without_provenance_is_shown(make_run: MakeRun) -> None:
    row = card_row(make_run())
    assert row["provenance"]["commit"] == row["provenance"]["python"] == ""
    assert row["limits"] == []


def test_arguments_are_shell_text(make_run: MakeRun) -> None:
    run = make_run(argv=("--name", "a b", "", "$HOME", MASK))
    assert run_row(run)["argv"] == f"--name 'a b' '' '$HOME' '{MASK}'"


def test_escapes_and_secrets_do_not_get_out_and_long_texts_end(
    make_run: MakeRun,
) -> None:
    evil = "\x1b]52;c;aGk=\x07\x1b[31mred\x1b[0m \u202eevil password=hunter2hunter2"
    run = make_run(
        module=evil,
        argv=(evil, "x" * 1_000_000),
        requested_by=evil,
        environment=evil,
        outcome=Outcome.FAILED,
        reason=evil,
        explanation=evil + "y" * 10_000,
    )
    row = run_row(run)
    text = json.dumps(row, ensure_ascii=False)
    for forbidden in ("\\u001b", "\x1b", "\u202e", "hunter2hunter2"):
        assert forbidden not in text
    assert len(text) < 10_000
