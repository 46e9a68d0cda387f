"""The picker: rows that are safe to show, a selection, a wish to refresh."""

from __future__ import annotations

from opsdash_widgets.core.model import Kind, ModuleListing
from opsdash_widgets.ui.controls.module_picker import ModulePicker

LISTINGS = [
    ModuleListing(name="runners.price", package="runners", title="\x1b[31mPrice"),
    ModuleListing(
        name="runners.bad", package="runners", kind=Kind.BROKEN, error="Line 1 …"
    ),
]


def test_showing_a_list_takes_back_what_stood_there_before() -> None:
    picker = ModulePicker(loading=True, error="No package x.")
    picker.show(LISTINGS)
    assert (picker.loading, picker.error) == (False, "")
    assert [row["name"] for row in picker.modules] == ["runners.price", "runners.bad"]


def test_titles_lose_their_escape_codes() -> None:
    picker = ModulePicker()
    picker.show(LISTINGS)
    assert picker.modules[0]["title"] == "Price"


def test_the_selected_row_is_the_one_of_the_value() -> None:
    picker = ModulePicker()
    picker.show(LISTINGS)
    assert picker.selected is None
    picker.value = "runners.bad"
    assert picker.selected is not None
    assert picker.selected["error"] == "Line 1 …"


def test_a_wish_to_refresh_reaches_whoever_listens() -> None:
    picker = ModulePicker()
    heard: list[ModulePicker] = []
    picker.on_refresh(heard.append)
    picker._dispatch(None, {"kind": "refresh"}, [])
    assert heard == [picker]


def test_an_unknown_message_is_dropped() -> None:
    ModulePicker()._dispatch(None, {"kind": "rm -rf"}, [])
