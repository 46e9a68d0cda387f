"""The configuration editor: what the browser asks, and what it is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from opsdash_widgets.core.configs import ConfigFile, parse_text
from opsdash_widgets.core.errors import ConfigError, PermissionDenied
from opsdash_widgets.core.redaction import MASK
from opsdash_widgets.ui.controls.config_editor import ConfigEditor

TEXT = """\
# day to day
[DEV]
# where python lives
CONDA_ENV = quant311
TOKEN = abc123

[PROD]
CONFIG_PATH = /
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "config.ini"
    file.write_text(TEXT)
    return file


class Page:
    """The browser's side: sends messages, keeps what it is sent."""

    def __init__(self, editor: ConfigEditor, monkeypatch: pytest.MonkeyPatch) -> None:
        self.editor = editor
        self.heard: list[dict[str, Any]] = []
        monkeypatch.setattr(
            editor, "send", lambda content, *_, **__: self.heard.append(content)
        )

    def send(self, kind: str, **content: Any) -> None:
        self.editor._dispatch(self.editor, {"kind": kind, **content}, [])

    @property
    def view(self) -> dict[str, Any]:
        return self.editor.view

    def section(self, name: str) -> dict[str, Any]:
        return next(one for one in self.view["sections"] if one["name"] == name)

    def values(self, name: str) -> dict[str, str]:
        return {one["key"]: one["value"] for one in self.section(name)["entries"]}


@pytest.fixture
def page(path: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    return Page(ConfigEditor(path), monkeypatch)


def test_sections_are_shown_with_comments_warnings_and_production(page: Page) -> None:
    dev, prod = page.view["sections"]
    assert (dev["name"], dev["comment"], dev["production"]) == (
        "DEV",
        "day to day",
        False,
    )
    assert dev["entries"][0]["comment"] == "where python lives"
    assert "bin/python" in dev["entries"][0]["problem"]
    assert prod["production"]
    assert page.editor.selected == "DEV"
    assert not page.editor.dirty


def test_a_secret_never_goes_to_the_browser(page: Page) -> None:
    entry = page.section("DEV")["entries"][1]
    assert (entry["secret"], entry["value"]) == (True, "")
    assert f"TOKEN = {MASK}" in page.view["text"]
    assert "abc123" not in str(page.view)


def test_edits_wait_for_save(page: Page, path: Path) -> None:
    page.send("set", section="DEV", key="CONDA_ENV", value="/opt/dev")
    assert page.editor.dirty
    assert path.read_text() == TEXT
    page.send("save")
    assert path.read_text() == TEXT.replace("quant311", "/opt/dev")
    assert not page.editor.dirty
    assert page.view["notice"]["text"] == "Saved."


def test_keys_and_sections_are_added_renamed_and_removed(page: Page) -> None:
    page.send("add", section="QA", field="add section")
    assert page.editor.selected == "QA"
    assert list(page.values("QA")) == ["CONDA_ENV", "CONFIG_PATH", "RESULT_PATH"]
    page.send("add", section="QA", key="REGION", field="add key")
    page.send("rename", section="QA", key="REGION", to="ZONE")
    page.send("remove", section="QA", key="CONDA_ENV")
    page.send("rename", section="QA", to="SIT")
    assert list(page.values("SIT")) == ["CONFIG_PATH", "RESULT_PATH", "ZONE"]
    assert page.editor.selected == "SIT"
    page.send("remove", section="SIT")
    assert [one["name"] for one in page.view["sections"]] == ["DEV", "PROD"]
    assert page.editor.selected == "DEV"


def test_what_was_removed_can_be_brought_back(page: Page) -> None:
    page.send("remove", section="PROD")
    assert page.view["notice"] == {
        "text": "PROD was removed.",
        "tone": "info",
        "undo": True,
    }
    page.send("undo")
    assert page.editor.file.text == TEXT
    assert not page.editor.dirty


def test_typing_on_in_one_field_is_one_step(page: Page) -> None:
    for value in ("/o", "/op", "/opt"):
        page.send("set", section="DEV", key="CONDA_ENV", value=value)
    page.send("undo")
    assert page.values("DEV")["CONDA_ENV"] == "quant311"
    assert not page.view["can_undo"]


def test_discarding_can_be_undone(page: Page) -> None:
    page.send("set", section="DEV", key="CONDA_ENV", value="/opt/dev")
    page.send("discard")
    assert not page.editor.dirty
    page.send("undo")
    assert page.values("DEV")["CONDA_ENV"] == "/opt/dev"


def test_a_refusal_is_told_at_its_field(page: Page) -> None:
    page.send("add", section="DEV", key="TOKEN", field="add key")
    [told] = page.heard
    assert (told["kind"], told["field"]) == ("refused", "add key")
    assert "already in DEV" in told["message"]
    assert not page.editor.dirty


def test_a_wrong_text_names_its_line_and_cannot_be_saved(
    page: Page, path: Path
) -> None:
    page.send("text", text=page.view["text"].replace("[PROD]", "[PROD"))
    assert page.view["error"]["line"] == 7
    assert not page.view["can_save"]
    page.send("save")
    assert path.read_text() == TEXT
    page.send("text", text=page.view["text"].replace("[PROD", "[LIVE]"))
    page.send("save")
    assert path.read_text() == TEXT.replace("PROD", "LIVE")


def test_a_masked_secret_in_the_text_stays_what_it_was(page: Page, path: Path) -> None:
    page.send("text", text=page.view["text"].replace("quant311", "/x"))
    page.send("save")
    assert path.read_text() == TEXT.replace("quant311", "/x")


def test_a_file_that_is_broken_on_disk_opens_as_text_to_be_mended(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path.write_text(TEXT + "nonsense\n")
    page = Page(ConfigEditor(path), monkeypatch)
    assert page.editor.mode == "text"
    assert page.view["error"]["line"] == 9
    assert "abc123" not in page.view["text"]
    page.send("text", text=page.view["text"].replace("nonsense\n", ""))
    page.send("save")
    assert path.read_text() == TEXT


def test_a_file_that_is_not_there_is_offered_and_made_on_save(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Page(ConfigEditor(tmp_path / "config.ini"), monkeypatch)
    assert [one["name"] for one in page.view["sections"]] == ["DEV", "UAT", "PROD"]
    assert not page.view["exists"]
    assert page.view["can_save"]
    page.send("save")
    assert "[PROD]" in (tmp_path / "config.ini").read_text()


def test_a_change_on_disk_is_taken_where_nothing_is_lost(
    page: Page, path: Path
) -> None:
    path.write_text(TEXT.replace("quant311", "/theirs"))
    page.send("check")
    assert page.values("DEV")["CONDA_ENV"] == "/theirs"
    assert "changed on disk" in page.view["notice"]["text"]
    assert not page.editor.dirty


@pytest.mark.parametrize("noticed_by", ["check", "save"])
def test_a_change_on_disk_is_not_overwritten(
    page: Page, path: Path, noticed_by: str
) -> None:
    theirs = TEXT.replace("quant311", "/theirs")
    page.send("set", section="DEV", key="CONDA_ENV", value="/mine")
    path.write_text(theirs)
    page.send(noticed_by)
    assert page.view["conflict"]
    assert path.read_text() == theirs
    page.send("reload")
    assert page.values("DEV")["CONDA_ENV"] == "/theirs"
    assert not page.view["conflict"]
    page.send("undo")
    page.send("save")
    assert path.read_text() == TEXT.replace("quant311", "/mine")


def test_a_view_only_editor_edits_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Page(ConfigEditor(path, readonly=True), monkeypatch)
    page.send("remove", section="PROD")
    page.send("text", text="")
    assert page.editor.file.text == TEXT
    assert "only be viewed" in page.view["notice"]["text"]


def test_the_callback_saves_instead(path: Path, monkeypatch) -> None:
    saved: list[ConfigFile] = []
    page = Page(ConfigEditor(file=parse_text(TEXT), on_save=saved.append), monkeypatch)
    page.send("set", section="DEV", key="CONDA_ENV", value="/opt/dev")
    page.send("save")
    assert [file.text for file in saved] == [TEXT.replace("quant311", "/opt/dev")]
    assert not page.editor.dirty


def test_what_the_callback_refuses_is_told_and_stays_unsaved(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: ConfigFile) -> None:
        raise PermissionDenied("You are a viewer here.")

    page = Page(ConfigEditor(path, on_save=refuse), monkeypatch)
    page.send("set", section="DEV", key="CONDA_ENV", value="/opt/dev")
    page.send("save")
    assert page.view["notice"]["text"] == "You are a viewer here."
    assert page.editor.dirty


def test_what_is_no_edit_is_refused_and_changes_nothing(page: Page) -> None:
    for content in ({}, {"section": "NO", "key": 3}, {"section": None}):
        for kind in ("set", "remove", "rename", "add"):
            page.send(kind, **content)
    page.send("nonsense")
    assert page.values("DEV")["CONDA_ENV"] == "quant311"


def test_save_from_a_cell_raises(path: Path) -> None:
    editor = ConfigEditor(path)
    path.write_text("")
    with pytest.raises(ConfigError, match="changed by someone else"):
        editor.save()
