"""A pytest plugin for CI: a test that did not run has not passed."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

REASON = "skipped, and in CI that counts as a failure"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, Any, Any]:
    """Turn a skipped test into a failed one; an expected failure stays what it is."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        _fail(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, Any, Any]:
    """Turn a file that skipped itself while it was collected into a failed one."""
    report = yield
    if report.skipped:
        _fail(report)
    return report


def _fail(report: Any) -> None:
    report.outcome = "failed"
    report.longrepr = f"{report.nodeid}: {REASON}: {report.longreprtext}"
