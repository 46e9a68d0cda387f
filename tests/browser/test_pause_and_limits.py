"""A run is paused, resumed, limited and measured on the page."""

from __future__ import annotations

import os
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.panel import PATIENCE_MS, Panel
from tests.serving import Served

pytestmark = pytest.mark.browser


def button(card: Locator, name: str) -> Locator:
    """A button of the card."""
    return card.get_by_role("button", name=name, exact=True)


def uses(panel: Panel) -> Locator:
    """What the card says of the run's use of the machine."""
    return panel.card.get_by_role("group", name="Resources", exact=True).first


def stop(panel: Panel) -> None:
    """Stop the run that is shown, and see its end."""
    button(panel.card, "Stop").click()
    panel.card.get_by_role("button", name="Stop it").click()
    panel.expect_state("stopped")


def test_a_run_is_paused_and_resumed_and_stopped_while_it_is_paused(
    server: Served, page: Page, panel: Panel
) -> None:
    page.goto(server.url)
    panel.launch("nightly_batch")
    panel.expect_state("running")
    expect(uses(panel)).to_contain_text(
        re.compile(r"CPU\d.*MiB.*process"), timeout=PATIENCE_MS
    )
    pause = button(panel.card, "Pause")
    expect(pause).to_have_attribute("title", re.compile("SIGSTOP"), timeout=PATIENCE_MS)
    pause.click()
    panel.expect_state("paused")
    panel.expect_state("all its processes are frozen")
    expect(button(panel.card, "Resume")).to_be_focused(timeout=PATIENCE_MS)
    page.keyboard.press("p")
    panel.expect_state("running")
    page.keyboard.press("p")
    panel.expect_state("paused")
    page.keyboard.press("s")
    page.keyboard.press("Enter")
    expect(panel.card.get_by_role("button", name="Kill now")).to_be_visible(
        timeout=PATIENCE_MS
    )
    panel.expect_state("stopped")
    expect(uses(panel)).to_contain_text("peak", timeout=PATIENCE_MS)


def test_a_limit_ends_a_run_and_the_card_says_which_and_run_again_asks_for_it_again(
    server: Served, page: Page, panel: Panel
) -> None:
    page.goto(server.url)
    panel.pick("nightly_batch")
    launch = page.get_by_role("region", name="Launch")
    limits = launch.locator("summary").filter(has_text="Limits")
    limits.click()
    time = launch.get_by_role("textbox", name="Time", exact=True)
    time.fill("soon")
    expect(launch.get_by_text("cannot be 'soon'").first).to_be_visible(
        timeout=PATIENCE_MS
    )
    expect(time).to_have_attribute("aria-invalid", "true", timeout=PATIENCE_MS)
    expect(button(launch, "Run")).to_be_disabled(timeout=PATIENCE_MS)
    time.fill("2s")
    expect(limits).to_contain_text("Time 2 s", timeout=PATIENCE_MS)
    limits.click()
    expect(time).to_be_hidden(timeout=PATIENCE_MS)
    panel.run()
    panel.expect_state("limit")
    panel.expect_state("time limit")
    panel.pick("first_model")
    expect(limits).to_contain_text("none", timeout=PATIENCE_MS)
    button(panel.card, "Run again").click()
    expect(limits).to_contain_text("Time 2 s", timeout=PATIENCE_MS)


def test_an_opened_run_shows_its_use_over_time_and_where_its_code_is_from(
    server: Served, page: Page, panel: Panel
) -> None:
    page.goto(server.url)
    panel.launch("nightly_batch")
    panel.expect_state("running")
    short = panel.short_id()
    panel.go_to("Runs")
    panel.row(short).get_by_role("gridcell").nth(2).click()
    card = panel.card
    card.locator("summary").filter(has_text="Resources").click()
    chart = card.get_by_role("img", name=re.compile(r"^Memory over .* greatest .*MiB"))
    expect(chart).to_be_visible(timeout=PATIENCE_MS)
    chart.focus()
    page.keyboard.press("End")
    figure = card.locator("figure").filter(has_text="Memory")
    expect(figure).to_contain_text(re.compile(r"MiB at \d+ s"), timeout=PATIENCE_MS)
    card.locator("summary").filter(has_text="Provenance").click()
    expect(card.get_by_text("Launched by")).to_be_visible(timeout=PATIENCE_MS)
    expect(card.get_by_text(re.compile(r"^cpython 3\."))).to_be_visible(
        timeout=PATIENCE_MS
    )
    page.set_viewport_size({"width": 390, "height": 844})
    expect(chart).to_be_attached(timeout=PATIENCE_MS)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    stop(panel)


def test_a_selection_is_paused_by_a_key_and_the_menu_names_what_it_would_end(
    server: Served, page: Page, panel: Panel
) -> None:
    page.goto(server.url)
    panel.launch("nightly_batch")
    panel.expect_state("running")
    short = panel.short_id()
    panel.go_to("Runs")
    row = panel.row(short)
    expect(row).to_contain_text("running", timeout=PATIENCE_MS)
    row.get_by_role("checkbox").click()
    page.get_by_role("grid", name="Runs").focus()
    page.keyboard.press("p")
    expect(row).to_contain_text("paused", timeout=PATIENCE_MS)
    expect(page.get_by_text("Asked 1 run to pause.")).to_be_visible(timeout=PATIENCE_MS)
    button(page.locator(".ops-rt-foot"), "Resume").click()
    expect(row).to_contain_text("running", timeout=PATIENCE_MS)
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("button", name="Kill a process").click()
    kill = page.get_by_role("dialog", name="Kill a process")
    kill.get_by_label("Process id").fill("no number")
    page.keyboard.press("Enter")
    expect(kill.get_by_role("alert")).to_contain_text(
        "is no process id", timeout=PATIENCE_MS
    )
    kill.get_by_label("Process id").fill(str(os.getpid()))
    page.keyboard.press("Enter")
    expect(kill.get_by_role("button", name=f"Kill {os.getpid()}")).to_be_visible(
        timeout=PATIENCE_MS
    )
    expect(kill).to_contain_text("pytest", timeout=PATIENCE_MS)
    kill.get_by_role("button", name="Cancel").click()
    expect(kill).to_be_hidden(timeout=PATIENCE_MS)
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("button", name="Stop all of mine").click()
    dialog = page.get_by_role("dialog", name="Stop all of mine")
    expect(dialog).to_contain_text(short, timeout=PATIENCE_MS)
    dialog.get_by_role("button", name="Stop 1 run").click()
    expect(page.get_by_text("Asked 1 run of yours to stop.")).to_be_visible(
        timeout=PATIENCE_MS
    )
    expect(row).to_contain_text("stopped", timeout=PATIENCE_MS)
