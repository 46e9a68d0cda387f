"""A run as the browser gets it."""

from __future__ import annotations

import json
from collections.abc import Callable

from opsdash_widgets.core.model import Outcome, Run, RunState
from opsdash_widgets.core.redaction import MASK
from opsdash_widgets.ui.run_row import run_row

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
