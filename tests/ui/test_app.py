"""The panel as a whole: it opens whatever is wrong, and builds what is visited."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from opsdash_widgets.core.model import LaunchRequest
from opsdash_widgets.core.service import Service
from opsdash_widgets.ui.app import Dashboard

from .conftest import PATIENCE_S, until


def test_the_first_page_lists_the_modules_and_picks_none(panel: Dashboard) -> None:
    page = panel.page("run")
    names = [row["name"] for row in page.picker.modules]
    assert names == ["jobs.broken", "jobs.greet", "jobs.needs", "jobs.sleeps"]
    assert page.picker.value == ""
    starters = [row["name"] for row in page.form.starters]
    assert starters == ["jobs.greet", "jobs.needs", "jobs.sleeps"]


def test_the_environment_at_first_is_not_production(panel: Dashboard) -> None:
    assert [row["name"] for row in panel.frame.environments] == ["DEV", "PROD"]
    assert panel.frame.environment == "DEV"
    assert panel.page("run").bar.environment == "DEV"


def test_a_page_is_built_when_it_is_first_visited(panel: Dashboard) -> None:
    assert list(panel._built) == ["run"]
    panel.frame.page = "runs"
    panel.frame.page = "config"
    assert list(panel._built) == ["run", "runs", "config"]


def test_a_page_that_is_not_there_is_refused(service: Service) -> None:
    with pytest.raises(ValueError, match="nowhere"):
        Dashboard(service, page="nowhere")


def test_the_panel_opens_with_a_sentence_where_the_home_cannot_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("OPSDASH_HOME", str(tmp_path / "file" / "home"))
    panel = Dashboard()
    (notice,) = panel.frame.notices
    assert notice["level"] == "error"
    assert notice["next_step"]
    panel.close()


def test_a_new_panel_shows_the_runs_that_an_earlier_one_left(service: Service) -> None:
    run = service.launch(LaunchRequest(module="jobs.sleeps", environment="DEV"))
    panel = Dashboard(service)
    live = panel.page("run").live
    until(lambda: live.run_id == run.run_id, "the active run is shown")
    until(lambda: sum(panel.frame.counts.values()) == 1, "it is counted")
    panel.close()


def test_a_late_browser_is_not_shown_a_run_that_ended_before_it_came(
    service: Service,
) -> None:
    run = service.launch(LaunchRequest(module="jobs.sleeps", environment="DEV"))
    panel = Dashboard(service)
    live = panel.page("run").live
    until(lambda: live.run_id == run.run_id, "the active run is shown")
    service.stop(run.run_id, kill_now=True)
    until(lambda: not live.card.run["active"], "it has ended")
    panel.frame._dispatch(None, {"kind": "opened"}, [])
    until(lambda: live.run_id == "", "the ended run is gone")
    panel.close()


def test_a_process_that_made_a_panel_ends_by_itself(home: Path) -> None:
    code = "from opsdash_widgets.ui.app import Dashboard; panel = Dashboard()"
    subprocess.run([sys.executable, "-c", code], timeout=PATIENCE_S, check=True)
