"""The example modules run with the standard library alone and show what they should."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from opsdash_widgets.core.discovery import find_modules, probe_module
from opsdash_widgets.core.model import Kind, ModuleSpec

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "runners").glob("*.py"))


def run(*argv: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    # -S leaves out site-packages: only the standard library is there.
    ended = subprocess.run(
        [sys.executable, "-S", "-W", "error", "-m", *argv],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == code, ended.stderr
    return ended


def spec(module: str) -> ModuleSpec:
    return probe_module(module, interpreter=sys.executable, cwd=ROOT)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_file_is_python_3_8_and_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"), feature_version=(3, 8))
    assert ast.get_docstring(tree)


def test_the_examples_are_listed_with_titles_and_kinds() -> None:
    rows = {row.name: row for row in find_modules(["runners"], [ROOT])}
    runnable = {n for n, row in rows.items() if row.kind is not Kind.NOT_RUNNABLE}
    assert runnable == {
        "runners.backtest",
        "runners.cob_snapshot",
        "runners.daily_returns",
        "runners.first_model",
        "runners.nightly_batch",
        "runners.price_note",
        "runners.price_options",
        "runners.rebuild_curves",
        "runners.var_report",
    }
    assert rows["runners.cob_snapshot"].kind is Kind.PLAIN
    assert all(row.title.endswith(".") for name, row in rows.items())


def test_two_take_dates_only_and_one_of_them_an_operation() -> None:
    returns, curves = spec("runners.daily_returns"), spec("runners.rebuild_curves")
    dates = ["--help", "--start-date", "--end-date"]
    assert [a.id for a in returns.parser.arguments] == dates
    assert [a.id for a in curves.parser.arguments] == [*dates, "--operation-type"]


def test_the_option_price_agrees_with_the_exact_one() -> None:
    argv = ("--spot", "100", "--expiry", "2025-03-28", "--paths", "20000")
    ended = run(
        "runners.price_options", *argv, "--valuation-date=2024-03-28", "--steps=4"
    )
    lines = dict(line.rsplit(maxsplit=1) for line in ended.stdout.splitlines()[2:5])
    price, exact = float(lines["price"]), float(lines["Black-Scholes"])
    assert abs(price - exact) < 4 * float(lines["standard error"])
    # Text mode shows the carriage return before each frame as a new line.
    assert ended.stderr.startswith("\npaths:  10%|")
    assert "100%|" in ended.stderr


def test_the_option_pricer_refuses_what_makes_no_sense() -> None:
    ended = run("runners.price_options", "--spot", "-1", code=2)
    assert "argument --spot: must be greater than 0" in ended.stderr


def test_the_backtest_runs_over_the_shipped_prices() -> None:
    argv = ("--strategy", "mean-reversion", "--tickers", "ALDR", "CSTL")
    ended = run("runners.backtest", *argv)
    assert "mean-reversion over ALDR, CSTL: 2022-01-03 to 2024-12-31" in ended.stdout
    assert "Sharpe ratio" in ended.stdout


def test_daily_returns_have_a_line_per_day() -> None:
    argv = ("--start-date", "2024-03-01", "--end-date", "2024-03-08")
    lines = run("runners.daily_returns", *argv).stdout.splitlines()
    assert lines[1].startswith("2024-03-04")
    assert len(lines) == 7


@pytest.mark.parametrize("operation", ["full", "incremental", "validate"])
def test_curves_are_rebuilt(operation: str) -> None:
    argv = ("--start-date=2024-03-01", "--end-date=2024-03-03")
    ended = run("runners.rebuild_curves", *argv, f"--operation-type={operation}")
    assert ended.stdout.splitlines()[-1].startswith("3 curves ")


def test_the_nightly_batch_goes_through_its_stages() -> None:
    ended = run("runners.nightly_batch", "--speed", "1000")
    stages = [line for line in ended.stdout.splitlines() if line.startswith("===")]
    assert len(stages) == 5
    assert ended.stdout.endswith("closing connections\nbatch complete\n")


def test_the_report_fails_on_the_intraday_curves_only() -> None:
    assert "value at risk" in run("runners.var_report", "--scenarios=1000").stdout
    ended = run("runners.var_report", "--curve-set", "intraday", code=1)
    assert "in load_curves" in ended.stderr
    assert ended.stderr.endswith("KeyError: 'EURUSD'\n")


def test_the_snapshot_takes_date_tokens_without_a_parser() -> None:
    ended = run("runners.cob_snapshot", "2024-03-28")
    assert ended.stdout.startswith("close of business 2024-03-28\n  ALDR")
    assert "COB_DATE" in run("runners.cob_snapshot", code=2).stderr
    (token,) = spec("runners.cob_snapshot").parser.arguments
    assert token.id == "COB_DATE"


def test_the_first_model_finds_its_line() -> None:
    assert "fitted" in run("runners.first_model").stdout
