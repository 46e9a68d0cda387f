"""The page Config: what it saves is in force at once."""

from __future__ import annotations

from opsdash_widgets.ui.app import Dashboard

from .conftest import until


def test_a_saved_environment_can_be_chosen_at_once(panel: Dashboard) -> None:
    editor = panel.page("config").editor
    editor._dispatch(None, {"kind": "add", "section": "UAT"}, [])
    editor._dispatch(None, {"kind": "save"}, [])
    until(
        lambda: "UAT" in [row["name"] for row in panel.frame.environments],
        "the environment is offered",
    )
