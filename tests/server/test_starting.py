"""The server starts what waits: a sweep goes on when its page is closed."""

from __future__ import annotations

from pathlib import Path

import pytest

from opsdash_widgets.core.model import (
    FormValues,
    GroupState,
    LaunchRequest,
    SweepRequest,
)
from opsdash_widgets.core.service import Service, open_service
from tests.serving import standalone, until

JOB = """
import argparse, time
parser = argparse.ArgumentParser()
parser.add_argument("--number", type=int)
if __name__ == "__main__":
    parser.parse_args()
    time.sleep(0.3)
"""


def test_what_a_closed_page_leaves_is_started_by_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, project = tmp_path / "home", tmp_path / "project"
    home.mkdir(mode=0o700)
    (project / "jobs").mkdir(parents=True)
    (project / "jobs" / "__init__.py").touch()
    (project / "jobs" / "slow.py").write_text(JOB)
    (project / "opsdash.toml").write_text('runners_package = "jobs"\n')
    monkeypatch.setenv("OPSDASH_HOME", str(home))
    with standalone(home, project):
        page = open_service(project)
        group = page.groups.launch(
            SweepRequest(
                base=LaunchRequest(module="jobs.slow", values=FormValues()),
                fields={"number": "1..6"},
                limit=1,
            )
        )
        page.close()
        looks = open_service(project)

        def is_over() -> bool:
            looks.sync()
            progress = looks.groups.progress(group.group_id)
            return progress.state is GroupState.FINISHED

        until(is_over, "all have ended")
        assert looks.groups.progress(group.group_id).counts == {"succeeded": 6}
        looks.close()
    # What this process has started is collected by it.
    until(lambda: _is_reaped(page), "no supervisor is left")


def _is_reaped(service: Service) -> bool:
    service._executor.reap()
    return not service._executor._supervisors  # type: ignore[attr-defined]  # its own reaping
