"""The form in the browser: every kind of control, errors, groups, commands, search."""

from __future__ import annotations

import datetime
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.form import Form
from tests.browser.panel import PATIENCE_MS, Panel
from tests.serving import Served, until

pytestmark = pytest.mark.browser

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def project(place: Path) -> Path:
    """The project of these tests, with modules for their forms."""
    runners = place / "project" / "runners"
    shutil.copy(HERE / "every_kind.py", runners)
    (runners / "many_options.py").write_text(MANY)
    (runners / "in_groups.py").write_text(GROUPS)
    (runners / "strict.py").write_text(STRICT)
    return place / "project"


MANY = '''"""As many options as the largest linters have."""
import argparse

parser = argparse.ArgumentParser(description=__doc__)
for group in range(16):
    section = parser.add_argument_group(f"Group {group}", f"What is in {group}.")
    for number in range(group, 163, 16):
        section.add_argument(
            f"--option-{number}", type=int, help=f"the setting called no. {number}")
parser.add_argument("--needle", help="the one about haystacks")
parser.parse_args()
'''

GROUPS = '''"""Groups and commands."""
import argparse, json

parser = argparse.ArgumentParser()
source = parser.add_mutually_exclusive_group(required=True)
source.add_argument("--live", action="store_true")
source.add_argument("--file")
commands = parser.add_subparsers(dest="task")
fit = commands.add_parser("fit", aliases=["calibrate"], help="fit the model")
fit.add_argument("--steps", type=int, default=10)
report = commands.add_parser("report", help="write a report")
kinds = report.add_subparsers(dest="kind", required=True)
for name in ("var", "pnl", "greeks", "stress", "limits", "margin", "cash", "fx"):
    kinds.add_parser(name, help=f"about {name}").add_argument("--depth", type=int)
print(json.dumps(vars(parser.parse_args()), sort_keys=True))
'''

STRICT = '''"""Says in its own words what it does not take."""
import argparse


def even(text):
    """A number that is even."""
    if int(text) % 2:
        raise argparse.ArgumentTypeError(f"{text} is odd, and odd is not welcome")
    return int(text)


parser = argparse.ArgumentParser()
parser.add_argument("--pairs", type=even)
print(parser.parse_args())
'''


CHANGING = '''"""Is edited while its form is open."""
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--kept")
parser.add_argument("--gone", type=int)
parser.parse_args()
'''


def namespace(server: Served, panel: Panel) -> dict[str, Any]:
    """What the job that the page follows has printed, once it has ended."""
    panel.expect_state("succeeded")
    short = panel.short_id()

    def printed() -> str:
        logs = server.home.glob(f"logs/runs/*{short}*/output.log")
        return next((log.read_text("utf-8").strip() for log in logs), "")

    return dict(json.loads(until(printed, "the job has printed its arguments")))


def test_every_kind_of_control_gives_the_job_exactly_what_was_entered(
    server: Served, page: Page, panel: Panel
) -> None:
    page.goto(server.url)
    panel.pick("every_kind")
    form, keys = Form(page), page.keyboard
    form.fill("desk", "-rates desk")
    form.text("owner").click()
    keys.type("Zoë \u2603")

    form.text("paths").click()
    keys.press("ArrowUp")  # from the default, 1000
    keys.press("Shift+ArrowUp")
    form.fill("rate", "-2.5e-3")
    form.text("note").click()
    form.button("Give note an empty value").click()
    form.text("letter").click()
    keys.type("Dear all,")
    keys.press("Shift+Enter")
    keys.type("second line")
    form.fill("padded", "  two spaces ")
    expect(form.field("--padded")).to_contain_text("··two spaces·")
    form.fill("notional", "1e9")
    form.fill("config", "no such file.toml")
    form.fill("api-token", "--s3cret")
    expect(form.text("api-token")).to_have_attribute("type", "password")
    form.radio("method", "milstein").check()
    form.root.get_by_role("combobox", name="currency", exact=True).click()
    keys.type("e")
    keys.press("ArrowDown")
    keys.press("Enter")  # SEK: after EUR
    form.button("Pick a day for asof").click()
    form.root.get_by_role("button", name="Month end month_end", exact=True).click()
    form.text("load-date").fill("2024-02-29")
    keys.press("Alt+ArrowDown")
    keys.press("PageUp")
    keys.press("ArrowLeft")
    keys.press("Enter")
    form.radio("trace", "with a value").check()
    keys.type("-all of it")

    form.radio("cache", "off").check()
    form.root.get_by_role("checkbox", name="--quick").check()
    form.root.get_by_role("checkbox", name="--no-color").check()
    form.root.get_by_role("checkbox", name="--level").check()
    form.root.get_by_role("spinbutton", name="verbose").focus()
    keys.press("ArrowUp")
    keys.press("ArrowUp")
    form.button("More mark").click()

    form.paste(form.text("tag, value 1"), "late\nfirst\nb, c\n")
    form.button("Move value 2 of tag").focus()
    keys.press("ArrowUp")
    form.text("FROM").fill("a")
    form.text("TO").fill("b")
    form.button("Add a value to pair").click()
    form.text("FROM").nth(1).fill("c d")
    form.text("TO").nth(1).click()
    form.button("Give TO an empty value").click()
    for name, value in (("A", "1"), ("B", "-2"), ("C", "3")):
        form.fill(name, value)
    form.fill("tickers, value 1", "DAX")
    keys.press("Enter")
    keys.type("S & P")
    form.root.get_by_role("checkbox", name="--filters without values").check()
    form.fill("books, value 1", "x")
    form.button("Add a value to books").click()
    keys.type("y")
    form.fill("set, value 1", "a=1")
    keys.press("Enter")
    keys.type("b=")

    form.member("file").check()
    keys.type("in put.csv")
    form.member("slow").check()
    keys.type("3")
    form.root.get_by_text("Advanced (1)").click()
    form.fill("seed", "42")
    form.radio("Task", "report").check()
    form.radio("Command", "var").check()
    form.fill("confidence", "0.95")
    form.fill("rest", "lp0 --duplex 'two words' ''")
    panel.run()

    today = datetime.datetime.now().astimezone().date()
    next_month = (today.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
    month_end = next_month - datetime.timedelta(days=1)
    assert namespace(server, panel) == {
        "api_token": "--s3cret",
        "asof": month_end.isoformat(),
        "books": ["x", "y"],
        "cache": False,
        "color": False,
        "confidence": 0.95,
        "config": "no such file.toml",
        "currency": "SEK",
        "desk": "-rates desk",
        "fast": False,
        "file": "in put.csv",
        "filters": [],
        "kind": "var",
        "letter": "Dear all,\nsecond line",
        "level": 99,
        "live": False,
        "load_date": "20240128",
        "mark": ["x"],
        "method": "milstein",
        "note": "",
        "notional": "1E+9",
        "owner": "Zoë \u2603",
        "padded": "  two spaces ",
        "pair": [["a", "b"], ["c d", ""]],
        "paths": 1011,
        "quick": True,
        "rate": -0.0025,
        "rest": ["lp0", "--duplex", "two words", ""],
        "seed": 42,
        "set": {"a": "1", "b": ""},
        "slow": 3,
        "tag": ["first", "late", "b, c"],
        "task": "report",
        "tickers": ["DAX", "S & P"],
        "trace": "-all of it",
        "verbose": 2,
        "window": [1, -2, 3],
    }


def test_groups_and_commands_are_chosen_by_the_keyboard_alone(
    server: Served, page: Page, panel: Panel
) -> None:
    page.goto(server.url)
    panel.pick("in_groups")
    form, keys = Form(page), page.keyboard
    expect(form.radio("Command", "none")).to_be_checked(timeout=PATIENCE_MS)
    form.radio("Command", "none").focus()
    keys.press("ArrowDown")
    expect(form.text("steps")).to_be_visible()
    keys.press("ArrowDown")
    expect(form.text("steps")).to_be_hidden()
    keys.press("Tab")  # more than seven commands: found by typing
    expect(form.root.get_by_role("combobox", name="Command")).to_be_focused()
    keys.type("gre")
    keys.press("Enter")
    expect(form.text("depth")).to_be_visible()
    while not form.text("depth").evaluate("one => one === document.activeElement"):
        keys.press("Tab")
    keys.type("7")
    while not form.member("live").evaluate("one => one === document.activeElement"):
        keys.press("Tab")
    keys.press("Space")
    keys.press("ArrowDown")
    expect(form.member("file")).to_be_checked()
    keys.press("Tab")
    keys.type("prices.csv")
    launch = page.get_by_role("region", name="Launch")
    run = launch.get_by_role("button", name="Run", exact=True)
    expect(run).to_be_enabled(timeout=PATIENCE_MS)
    keys.press("Control+Enter")
    assert namespace(server, panel) == {
        "depth": 7,
        "file": "prices.csv",
        "kind": "greeks",
        "live": False,
        "task": "report",
    }


def test_what_is_wrong_is_said_at_its_field_and_linked_from_the_launch_bar(
    server: Served, page: Page, panel: Panel
) -> None:
    page.goto(server.url)
    panel.pick("every_kind")
    form = Form(page)
    form.fill("paths", "many")
    form.text("paths").blur()
    form.expect_error("--paths", "many is not a whole number.")
    expect(form.text("paths")).to_have_attribute("aria-invalid", "true")
    launch = page.get_by_role("region", name="Launch")
    launch.get_by_role("button", name="owner", exact=True).click()
    expect(form.text("owner")).to_be_focused(timeout=PATIENCE_MS)
    form.expect_error("--owner", "owner is required.")
    summary = form.root.get_by_role("alert")
    expect(summary).to_contain_text("things to mend")
    summary.get_by_role("button", name="paths", exact=True).click()
    expect(form.text("paths")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("12")
    expect(form.field("--paths").locator(".ops-field-error")).to_be_empty()


def test_the_parsers_own_words_stand_at_the_field_that_they_name(
    server: Served, page: Page, panel: Panel
) -> None:
    page.goto(server.url)
    panel.launch("strict", pairs="3")
    Form(page).expect_error("--pairs", "3 is odd, and odd is not welcome")
    panel.launch("strict", pairs="4")
    panel.expect_state("succeeded")
    panel.expect_log("Namespace(pairs=4)")


def test_a_field_among_many_is_found_by_its_name_and_by_its_help(
    server: Served, page: Page, panel: Panel
) -> None:
    page.goto(server.url)
    panel.pick("many_options")
    form = Form(page)
    expect(form.text("option-0")).to_be_visible(timeout=PATIENCE_MS)
    form.root.get_by_role("heading", name="many_options").click()
    page.keyboard.press("/")
    find = form.root.get_by_role("searchbox", name="Find a field")
    expect(find).to_be_focused()
    page.keyboard.type("haystack")
    expect(form.root.get_by_role("status")).to_contain_text("1 of 164")
    expect(form.text("option-0")).to_be_hidden()
    page.keyboard.press("Enter")
    expect(form.text("needle")).to_be_focused()
    page.keyboard.type("found")
    find.fill("option-16")
    expect(form.text("option-16")).to_be_visible()
    expect(form.text("option-160")).to_be_visible()
    expect(form.text("needle")).to_be_hidden()
    find.fill("no such thing")
    expect(form.root.get_by_role("status")).to_contain_text("No field matches.")
    find.press("Escape")
    form.button("Changed 1").click()
    expect(form.text("needle")).to_have_value("found")
    expect(form.text("option-0")).to_be_hidden()


def test_a_changed_source_changes_the_form_under_the_users_hands(
    server: Served, page: Page, panel: Panel, project: Path
) -> None:
    source = project / "runners" / "in_change.py"
    source.write_text(CHANGING)
    page.goto(server.url)
    panel.pick("in_change")
    form = Form(page)
    form.fill("kept", "as typed")
    form.fill("gone", "7")
    form.text("kept").focus()
    source.write_text(CHANGING.replace("--gone", "--new"))
    expect(form.text("new")).to_be_visible(timeout=PATIENCE_MS)
    expect(form.text("kept")).to_have_value("as typed")
    expect(form.text("kept")).to_be_focused()
    note = form.root.get_by_role("status").filter(has_text="The module has changed")
    expect(note).to_contain_text("--gone went")
    form.button("Close this note").click()
    expect(note).to_be_hidden()
