"""``opsdash serve``: hands over to the server, with what was asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import opsdash_widgets.server
from opsdash_widgets.cli import main


def test_the_server_gets_what_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: dict[str, Any] = {}

    def serve(**options: Any) -> int:
        asked.update(options)
        return 0

    monkeypatch.setattr(opsdash_widgets.server, "serve", serve)
    words = ["--port", "9000", "--open", "--theme", "dark", "--project", str(tmp_path)]
    assert main(["serve", *words]) == 0
    assert asked == {
        "port": 9000,
        "open_browser": True,
        "theme": "dark",
        "project": tmp_path,
    }


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_a_port_that_is_none_is_refused(
    port: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["serve", f"--port={port}"])
    assert left.value.code == 2
    assert "65535" in capsys.readouterr().err
