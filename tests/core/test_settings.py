"""The settings: where they come from, and what a wrong one is told."""

from __future__ import annotations

import stat
from pathlib import Path

import msgspec
import pytest

from opsdash_widgets.core.errors import HomeError, SettingsError
from opsdash_widgets.core.settings import (
    SETTINGS,
    Settings,
    SettingType,
    ensure_home,
    home_folder,
    load_settings,
)


@pytest.fixture
def project(tmp_path: Path, home: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def write(folder: Path, text: str) -> None:
    (folder / "opsdash.toml").write_text(text, "utf-8")


def test_without_files_every_setting_has_its_default(home: Path, project: Path) -> None:
    settings = load_settings(project)
    assert settings.home == home
    assert settings.project == project
    assert settings.runners_package == ("runners",)
    assert settings.dashboard_name == "Ops"
    assert settings.runs_db == home / "runs.db"
    assert settings.runs_dir == home / "logs" / "runs"
    assert settings.config_file == project / "config.ini"
    assert settings.probe_timeout_s == 10.0


def test_the_table_and_the_record_name_the_same_settings() -> None:
    fields = {field.name for field in msgspec.structs.fields(Settings)}
    assert {setting.name for setting in SETTINGS} == fields - {"home", "project"}


def test_every_setting_has_a_sentence_of_help_and_numbers_have_bounds() -> None:
    for setting in SETTINGS:
        assert setting.help.endswith(".")
        assert (setting.type is SettingType.NUMBER) == (setting.bounds is not None)


def test_the_project_wins_over_the_home_setting_by_setting(
    home: Path, project: Path
) -> None:
    write(home, 'dashboard_name = "Home"\nstop_grace_s = 3\n')
    write(project, 'dashboard_name = "Desk"\n')
    settings = load_settings(project)
    assert (settings.dashboard_name, settings.stop_grace_s) == ("Desk", 3.0)


def test_runners_package_is_text_or_a_list(project: Path) -> None:
    write(project, 'runners_package = "qf.tools"')
    assert load_settings(project).runners_package == ("qf.tools",)
    write(project, 'runners_package = ["runners", "qf.tools", "runners"]')
    assert load_settings(project).runners_package == ("runners", "qf.tools")


def test_a_relative_path_starts_at_its_own_file(home: Path, project: Path) -> None:
    write(home, 'runs_db = "here.db"\n')
    write(project, 'config_file = "conf/envs.ini"\n')
    settings = load_settings(project)
    assert settings.runs_db == home / "here.db"
    assert settings.config_file == project / "conf" / "envs.ini"


def test_a_path_may_name_the_home_folder(home: Path, project: Path) -> None:
    write(project, 'runs_db = "$OPSDASH_HOME/desk.db"')
    assert load_settings(project).runs_db == home / "desk.db"


def test_the_project_is_the_nearest_folder_with_a_file(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(project, "")
    deep = project / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert load_settings().project == project


def test_without_a_file_the_project_is_the_current_folder(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project)
    assert load_settings().project == project


def test_a_shell_in_the_home_folder_has_it_as_no_project(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(home, 'dashboard_name = "Home"')
    (home / "logs").mkdir()
    monkeypatch.chdir(home / "logs")
    settings = load_settings()
    assert settings.project == home / "logs"
    assert settings.dashboard_name == "Home"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('\n\nrunner_package = "x"', 3, "The nearest right name is 'runners_package'"),
        ('dashboard_name = "a"\nzzz = 1', 2, "The settings are runners_package"),
        ("[probe_timeout]\na = 1", 1, "The nearest right name is 'probe_timeout_s'"),
        ('"stop-ask-s" = 1', 1, "The nearest right name is 'stop_ask_s'"),
        ("\ndashboard_name = 3", 2, "dashboard_name must be text in quotes, not 3"),
        ("stop_ask_s = true", 1, "stop_ask_s must be a number, not True"),
        ("# x\nstop_ask_s = -1", 2, "stop_ask_s must be between 0 and 3600, not -1"),
        ("probe_timeout_s = nan", 1, "must be between 0.1 and 600, not nan"),
        ("probe_timeout_s = 0", 1, "must be between 0.1 and 600, not 0"),
        ("runners_package = []", 1, "must be a module name or a list of them"),
        ('runners_package = ["a", "../b"]', 1, "must hold module names"),
        ('config_file = ""', 1, "config_file must be a path"),
        ('runs_db = "~nobody-of-that-name/x"', 1, "a user whose home is not known"),
        ('dashboard_name = "a"\ndashboard_name', 2, "this is not TOML"),
        ('dashboard_name = "a', 1, "this is not TOML"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(
    project: Path, text: str, line: int, words: str
) -> None:
    write(project, text)
    with pytest.raises(SettingsError) as caught:
        load_settings(project)
    assert f"{project / 'opsdash.toml'}, line {line}:" in str(caught.value)
    assert words in str(caught.value)


def test_a_wrong_setting_in_the_home_names_the_homes_file(
    home: Path, project: Path
) -> None:
    write(home, "nonsense = 1")
    with pytest.raises(SettingsError, match=str(home / "opsdash.toml")):
        load_settings(project)


def test_a_file_that_is_not_utf_8_is_an_error_in_one_sentence(project: Path) -> None:
    (project / "opsdash.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="not a text file in UTF-8"):
        load_settings(project)


def test_a_folder_in_the_files_place_is_an_error_in_one_sentence(
    project: Path,
) -> None:
    (project / "opsdash.toml").mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings(project)


def test_the_home_is_in_the_users_home_unless_the_variable_says_otherwise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("OPSDASH_HOME", raising=False)
    assert home_folder() == tmp_path / ".dashboard"
    monkeypatch.setenv("OPSDASH_HOME", "~/elsewhere")
    assert home_folder() == tmp_path / "elsewhere"


def test_the_home_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "deep" / "home"
    ensure_home(home)
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    ensure_home(home)


def test_a_home_that_cannot_be_made_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeError, match="OPSDASH_HOME"):
        ensure_home(tmp_path / "file" / "home")


def test_a_file_in_the_homes_place_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(HomeError, match="OPSDASH_HOME"):
        ensure_home(tmp_path / "home")
