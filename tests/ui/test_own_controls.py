"""A project's own controls, named in its settings and loaded with the panel."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from opsdash_widgets.core.service import open_service
from opsdash_widgets.ui.app import Dashboard
from opsdash_widgets.ui.controls import registered

GOOD = """
import ipywidgets
import opsdash_widgets as ops
ops.register_control(lambda a: ipywidgets.Text(), argument="--name")
"""

Open = Callable[[str], Dashboard]


@pytest.fixture
def opened(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Open]:
    """Opens a panel on a project whose controls have that source."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    panels: list[Dashboard] = []

    def open_panel(source: str) -> Dashboard:
        (tmp_path / "own_desk.py").write_text(source)
        (tmp_path / "opsdash.toml").write_text('controls_module = "own_desk"\n')
        panels.append(Dashboard(open_service(tmp_path), page="config"))
        return panels[-1]

    yield open_panel
    for panel in panels:
        panel.close()
        panel.service.close()
    sys.modules.pop("own_desk", None)
    for each in tuple(registered._registered):
        each.remove()


def test_the_named_module_is_imported_once_for_all_panels(opened: Open) -> None:
    for _ in range(2):
        panel = opened(GOOD)
        assert not panel.frame.notices
    assert len(registered._registered) == 1


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import no_such_package", "No module named 'no_such_package'"),
        ("def f(:", "SyntaxError"),
        ("raise SystemExit(3)", "SystemExit: 3"),
    ],
)
def test_one_that_fails_is_one_notice_and_the_panel_works(
    opened: Open, source: str, said: str
) -> None:
    panel = opened(source)
    (notice,) = panel.frame.notices
    assert "The controls of `own_desk` could not be loaded" in notice["message"]
    assert said in notice["message"]
    assert "Traceback" in notice["details"]
    assert panel.page("config")
