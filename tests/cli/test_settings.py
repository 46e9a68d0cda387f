"""``opsdash settings``: what is in force."""

from __future__ import annotations


def test_every_setting_is_shown_with_its_value_and_help(terminal) -> None:
    (terminal.folder / "opsdash.toml").write_text('dashboard_name = "Rates"\n')
    shown = terminal("settings").stdout
    rows = [line.split() for line in shown.splitlines()]
    assert ["dashboard_name", "Rates"] in [row[:2] for row in rows]
    first = shown.splitlines()[0]
    assert first.count("(not there)") == 1, "the home folder has no file of its own"
    assert "The packages whose modules the panel offers." in shown
    assert terminal.json("settings", "--json")["runners_package"] == ["runners"]


def test_another_project_can_be_named(terminal, tmp_path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "opsdash.toml").write_text('dashboard_name = "Other"\n')
    values = terminal.json("settings", "--json", "--project", str(other))
    assert values["dashboard_name"] == "Other"
