"""Nothing is fetched from anywhere but the server: a closed network is no hindrance."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Request

from tests.browser.panel import Panel
from tests.serving import Served

pytestmark = pytest.mark.browser

LOCAL = {"data", "blob", "about"}


def test_no_page_asks_anything_of_another_host(
    server: Served, page: Page, panel: Panel
) -> None:
    own, foreign = urlsplit(server.base).netloc, []

    def note(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in LOCAL and parts.netloc != own:
            foreign.append(request.url)

    page.on("request", note)
    page.on("websocket", lambda socket: note(socket))
    page.goto(server.url)
    panel.launch("first_model")
    panel.expect_state("succeeded")
    for name in ("Runs", "Config", "Run"):
        panel.go_to(name)
    assert foreign == []
