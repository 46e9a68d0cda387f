"""The standalone page, from the first visit to a finished run."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.panel import PATIENCE_MS, Panel
from tests.serving import Served

pytestmark = pytest.mark.browser


def test_a_module_is_picked_filled_in_run_and_seen_to_succeed(
    server: Served, page: Page, panel: Panel
) -> None:
    page.goto(server.url)
    panel.launch("first_model", points="7")
    panel.expect_log("drew 7 points")
    panel.expect_state("succeeded")
    short = panel.short_id()
    panel.go_to("Runs")
    expect(panel.row(short)).to_contain_text("succeeded", timeout=PATIENCE_MS)


def test_a_run_that_fails_says_why(server: Served, page: Page, panel: Panel) -> None:
    page.goto(server.url)
    panel.pick("var_report")
    panel.choose("curve-set", "intraday")
    panel.run()
    panel.expect_state("failed")
    expect(panel.card).to_contain_text("EURUSD", timeout=PATIENCE_MS)


def test_the_keyboard_alone_picks_runs_and_finds_again(
    server: Served, page: Page, panel: Panel
) -> None:
    page.goto(server.url)
    modules = page.get_by_role("listbox", name="Modules")
    expect(modules.get_by_role("option").first).to_be_visible(timeout=PATIENCE_MS)
    page.keyboard.press("/")
    page.keyboard.type("first")
    page.keyboard.press("Enter")
    points = page.get_by_role("textbox", name="points", exact=True)
    expect(points).to_be_visible(timeout=PATIENCE_MS)
    launch = page.get_by_role("region", name="Launch")
    run = launch.get_by_role("button", name="Run", exact=True)
    expect(run).to_be_enabled(timeout=PATIENCE_MS)
    page.keyboard.press("Control+Enter")
    panel.expect_state("succeeded")
    pages = page.get_by_role("navigation", name="Pages")
    runs = pages.get_by_role("button", name="Runs", exact=True)
    runs.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("grid", name="Runs")).to_be_visible(timeout=PATIENCE_MS)
    expect(runs).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_role("textbox", name="Filter runs")).to_be_focused()


def test_the_address_keeps_no_token(server: Served, page: Page) -> None:
    page.goto(server.url)
    expect(page).to_have_url(server.base, timeout=PATIENCE_MS)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_theme_is_the_systems_unless_the_address_names_one(
    server: Served, page: Page, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(server.url)
    html = page.locator("html")
    is_light = str(scheme == "light").lower()
    expect(html).to_have_attribute("data-jp-theme-light", is_light)
    page.goto(f"{server.base}?theme={'light' if scheme == 'dark' else 'dark'}")
    other = str(scheme == "dark").lower()
    expect(html).to_have_attribute("data-jp-theme-light", other)


def test_a_theme_that_the_system_changes_later_is_followed(
    server: Served, page: Page
) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(server.url)
    html = page.locator("html")
    expect(html).to_have_attribute("data-jp-theme-light", "true")
    page.emulate_media(color_scheme="dark")
    expect(html).to_have_attribute("data-jp-theme-light", "false")


def test_a_stranger_is_told_where_the_address_is(server: Served, page: Page) -> None:
    answer = page.goto(server.base)
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_role("alert")).to_contain_text("`opsdash serve` printed")


def test_a_form_is_scrolled_in_its_column_and_never_the_whole_page(
    server: Served, page: Page, panel: Panel
) -> None:
    page.goto(server.url)
    panel.pick("price_options")
    expect(page.get_by_role("textbox", name="seed", exact=True)).to_be_attached()
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def test_a_phone_sees_which_environment_it_is_and_what_a_dry_run_says(
    server: Served, page: Page, panel: Panel
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(server.url)
    panel.pick("price_options")
    panel.fill("spot", "100")
    badge = page.locator(".ops-topbar").get_by_label("Environment")
    box = badge.bounding_box()
    assert box is not None
    assert box["width"] >= 60
    page.get_by_role("button", name="Dry run").click()
    said = page.get_by_text("Its parser accepts this.")
    expect(said).to_be_visible()
    expect(said).to_be_in_viewport()
