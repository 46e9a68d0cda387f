"""The documentation names what there is."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import opsdash_widgets as ops
from opsdash_widgets.cli.main import build_parser
from opsdash_widgets.core.model import Outcome, RunState
from opsdash_widgets.core.settings import SETTINGS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def commands() -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Every command of the terminal with its parser."""
    for action in build_parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_every_command_and_each_of_its_options_is_documented(name: str) -> None:
    text = (DOCS / "terminal.md").read_text("utf-8")
    parser = dict(commands())[name]
    missing = [
        option
        for action in parser._actions
        for option in action.option_strings
        if option not in ("-h", "--help") and f"{option}" not in text
    ]
    assert missing == []
    assert f"opsdash {name}" in text


@pytest.mark.parametrize("setting", SETTINGS, ids=[row.name for row in SETTINGS])
def test_every_setting_is_documented(setting: object) -> None:
    name = setting.name  # type: ignore[attr-defined]  # a row of the table
    assert f"| `{name}` |" in (DOCS / "settings.md").read_text("utf-8")


@pytest.mark.parametrize("word", [*RunState, *Outcome])
def test_every_state_and_outcome_is_explained(word: str) -> None:
    assert re.search(rf"^\|.*\b{word}\b", (DOCS / "runs.md").read_text("utf-8"), re.M)


@pytest.mark.parametrize("name", [name for name in ops.__all__ if name[0] != "_"])
def test_every_public_name_is_documented(name: str) -> None:
    texts = (path.read_text("utf-8") for path in DOCS.glob("*.md"))
    assert any(name in text for text in texts)


@pytest.mark.parametrize("path", [ROOT / "README.md", *DOCS.rglob("*.md")], ids=str)
def test_every_link_to_a_file_leads_somewhere(path: Path) -> None:
    text = path.read_text("utf-8")
    links = re.findall(r"\]\(([^)#:]+)\)|(?:src|srcset)=\"([^\":]+)\"", text)
    for link in (one or other for one, other in links):
        assert (path.parent / link).exists(), link
