"""A page has a kernel for as long as it is open, and not longer."""

from __future__ import annotations

import os
import signal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.panel import PATIENCE_MS
from tests.serving import Served, until

pytestmark = pytest.mark.browser


def open_panel(server: Served, context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto(server.url)
    expect(page.locator("html[data-ops-drawn]")).to_be_attached(timeout=PATIENCE_MS)
    until(lambda: server.health()["pages"], "the page is known")
    return page


def only_the_waiting_one_is_left(server: Served) -> bool:
    health = server.health()
    return bool(health["kernels"] == health["waiting_kernels"] == 1)


def test_closing_the_page_ends_its_kernel(
    server: Served, context: BrowserContext
) -> None:
    for _ in range(2):
        page = open_panel(server, context)
        page.close(run_before_unload=True)
        until(lambda: only_the_waiting_one_is_left(server), "the kernel has ended")
    assert len(server.kernels()) == 1


def test_a_page_that_vanishes_without_a_word_loses_its_kernel_too(
    server: Served, context: BrowserContext
) -> None:
    page = open_panel(server, context)
    page.close(run_before_unload=False)
    until(lambda: only_the_waiting_one_is_left(server), "the kernel has ended")


def test_reloading_leaves_one_kernel_for_the_page(
    server: Served, context: BrowserContext
) -> None:
    page = open_panel(server, context)
    page.reload()
    expect(page.locator("html[data-ops-drawn]")).to_be_attached(timeout=PATIENCE_MS)

    def one_for_the_page() -> bool:
        health = server.health()
        return bool(health["kernels"] - health["waiting_kernels"] == 1)

    until(one_for_the_page, "the first kernel has ended")


def test_the_server_takes_its_kernels_along(
    server: Served, context: BrowserContext
) -> None:
    open_panel(server, context)
    kernels = server.kernels()
    assert kernels
    os.kill(server.process.pid, signal.SIGTERM)
    assert server.process.wait(60) == 0
    until(lambda: not any(one.is_running() for one in kernels), "the kernels ended")
