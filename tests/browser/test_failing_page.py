"""What a visitor reads when the panel cannot be drawn or loses its server."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.panel import PATIENCE_MS, Panel
from tests.serving import Served, standalone

pytestmark = pytest.mark.browser


def test_a_wrong_setting_is_named_and_mended_without_a_new_server(
    server: Served, page: Page, panel: Panel, project: Path
) -> None:
    settings = project / "opsdash.toml"
    settings.write_text('dashboard_nmae = "Desk"\n')
    page.goto(server.url)
    said = page.get_by_text("The nearest right name is 'dashboard_name'.")
    expect(said).to_be_visible(timeout=PATIENCE_MS)
    settings.write_text('dashboard_name = "Desk"\n')
    page.reload()
    panel.pick("first_model")
    expect(page.get_by_text("Desk", exact=True).first).to_be_visible()
    settings.unlink()


def test_a_server_that_went_away_is_said_and_its_return_too(
    tmp_path: Path, page: Page
) -> None:
    (tmp_path / "home").mkdir(mode=0o700)
    (tmp_path / "project").mkdir()
    with standalone(tmp_path / "home", tmp_path / "project") as served:
        page.goto(served.url)
        expect(page.locator("html[data-ops-drawn]")).to_be_attached(timeout=PATIENCE_MS)
    banner = page.get_by_role("alert").filter(has_text="The server does not answer")
    expect(banner).to_be_visible(timeout=PATIENCE_MS)
    expect(banner.get_by_role("button", name="Reload")).to_be_visible()
