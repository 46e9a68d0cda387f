"""What has to be said in two places says the same in both."""

from __future__ import annotations

import json
from pathlib import Path

from opsdash_widgets import __version__
from opsdash_widgets.server.app import EXTENSIONS, NOTEBOOK

ROOT = Path(__file__).parents[2]


def test_the_jupyterlab_extension_has_the_packages_version() -> None:
    manifest = json.loads((ROOT / "frontend/labextension/package.json").read_text())
    assert manifest["version"] == __version__


def test_plain_voila_loads_the_extensions_that_the_app_loads() -> None:
    settings = json.loads((ROOT / "voila.json").read_text())
    assert settings["VoilaConfiguration"]["extension_allowlist"] == EXTENSIONS


def test_the_notebook_beside_the_others_is_the_one_that_is_served() -> None:
    beside = ROOT / "notebooks" / "dashboard.ipynb"
    assert beside.read_bytes() == NOTEBOOK.read_bytes()


def test_the_locks_hold_hashes_and_no_address() -> None:
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert "://" not in text
    assert '"resolved"' not in (ROOT / "frontend/package-lock.json").read_text()
