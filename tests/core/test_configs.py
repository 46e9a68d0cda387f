"""The environments' file: edited without disturbing what people wrote by hand."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opsdash_widgets.core.configs import (
    ConfigFile,
    environments,
    is_secret,
    mask_lines,
    masked_text,
    parse_text,
    problems,
    read_config,
    secret_values,
    unmasked,
    write_config,
)
from opsdash_widgets.core.errors import ConfigError
from opsdash_widgets.core.redaction import MASK
from opsdash_widgets.core.settings import load_settings

TEXT = """\
# Environments of the rates desk.

# day to day
[DEV]
# where python lives
# (shared)
CONDA_ENV = /opt/conda/envs/dev
CONFIG_PATH: conf/dev
; by hand
STEPS =
   one
   two

# careful!
[PROD]
CONDA_ENV=/opt/conda/envs/prod
# a last word"""


def entries(file: ConfigFile, section: str) -> dict[str, str]:
    found = file.section(section)
    assert found is not None
    return {entry.key: entry.value for entry in found.entries}


def test_sections_entries_comments_and_lines_are_read() -> None:
    dev, prod = parse_text(TEXT).sections
    assert (dev.name, dev.comment, dev.line) == ("DEV", "day to day", 4)
    assert [(e.key, e.value, e.line) for e in dev.entries] == [
        ("CONDA_ENV", "/opt/conda/envs/dev", 7),
        ("CONFIG_PATH", "conf/dev", 8),
        ("STEPS", "one\ntwo", 10),
    ]
    assert dev.entries[0].comment == "where python lives\n(shared)"
    assert dev.entries[2].comment == "by hand"
    assert (prod.name, prod.comment, prod.line) == ("PROD", "careful!", 15)


def test_setting_a_value_changes_its_line_alone() -> None:
    file = parse_text(TEXT).set("DEV", "CONFIG_PATH", "conf/new")
    assert file.text == TEXT.replace("conf/dev", "conf/new")


def test_setting_a_value_of_several_lines_replaces_all_of_them() -> None:
    file = parse_text(TEXT).set("DEV", "STEPS", "only")
    assert file.text == TEXT.replace("STEPS =\n   one\n   two", "STEPS = only")
    assert entries(file.set("DEV", "STEPS", "a\nb"), "DEV")["STEPS"] == "a\nb"


def test_a_new_key_stands_below_the_last_one() -> None:
    file = parse_text(TEXT).add("DEV", "RESULT_PATH", "out")
    assert file.text == TEXT.replace("   two\n", "   two\nRESULT_PATH = out\n")


def test_a_new_key_in_a_section_at_the_end_of_the_file() -> None:
    assert parse_text("[A]\nx = 1").add("A", "y", "2").text == "[A]\nx = 1\ny = 2"
    assert parse_text("[A]").add("A", "y", "2").text == "[A]\ny = 2"


def test_a_new_section_stands_after_a_blank_line() -> None:
    assert parse_text(TEXT).add("QA").text == TEXT + "\n\n[QA]\n"
    assert parse_text("").add("QA").text == "[QA]\n"


def test_a_removed_key_takes_the_comment_right_above_it() -> None:
    file = parse_text(TEXT).remove("DEV", "CONDA_ENV")
    gone = "# where python lives\n# (shared)\nCONDA_ENV = /opt/conda/envs/dev\n"
    assert file.text == TEXT.replace(gone, "")


def test_a_removed_section_leaves_the_comment_of_the_next_one() -> None:
    file = parse_text(TEXT).remove("DEV")
    assert file.text.startswith(
        "# Environments of the rates desk.\n\n# careful!\n[PROD]\n"
    )


def test_the_last_section_is_removed_with_its_comment() -> None:
    file = parse_text(TEXT).remove("PROD")
    assert file.text == TEXT[: TEXT.index("\n# careful!")]


def test_keys_and_sections_are_renamed_in_their_place() -> None:
    file = parse_text(TEXT).rename("DEV", "CONFIG_PATH", to="CONFIG_DIR")
    assert file.text == TEXT.replace("CONFIG_PATH", "CONFIG_DIR")
    file = parse_text(TEXT).rename("DEV", to="LOCAL")
    assert file.text == TEXT.replace("[DEV]", "[LOCAL]")


@pytest.mark.parametrize("name", ["", " A", "A=B", "a:b", "[x", "#x", ";x", "a\nb"])
def test_a_key_that_the_file_cannot_hold_is_refused(name: str) -> None:
    with pytest.raises(ConfigError):
        parse_text(TEXT).rename("DEV", "CONFIG_PATH", to=name)


@pytest.mark.parametrize("name", ["", " ", "a]", "a\nb", " a", "dev", "PROD"])
def test_a_section_name_that_is_taken_or_impossible_is_refused(name: str) -> None:
    with pytest.raises(ConfigError):
        parse_text(TEXT).add(name or " ")


def test_a_key_that_is_there_cannot_be_added_again() -> None:
    with pytest.raises(ConfigError, match="already in DEV"):
        parse_text(TEXT).add("DEV", "CONDA_ENV", "x")


def test_a_value_line_that_would_be_a_comment_is_refused() -> None:
    with pytest.raises(ConfigError, match="comment"):
        parse_text(TEXT).set("DEV", "STEPS", "one\n# two")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("x = 1\n", 1, "before the first"),
        ("[A\nx = 1\n", 1, "closing bracket"),
        ("[A]\nx = 1\n\nx = 2\n", 4, "x is given twice in A"),
        ("[A]\n[B]\n[A]\n", 3, "two sections A"),
        ("[A]\nok = 1\nnonsense\n", 3, "no key = value"),
        ("[A]\nok = 1\r\n[B\r\nok = 2\r\n", 3, "closing bracket"),
    ],
)
def test_a_syntax_error_names_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_text(text)
    assert caught.value.line == line
    assert words in caught.value.message


WORDS = st.text("abcXYZ_09 .=:%$-/é€[]{}'\"", min_size=0, max_size=20)
VALUES = st.lists(WORDS, min_size=1, max_size=3).map("\n".join)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(value=VALUES, other=VALUES)
def test_what_was_set_is_read_back_and_nothing_else_moves(
    value: str, other: str
) -> None:
    before = parse_text(TEXT).add("DEV", "OTHER", other)
    file = before.set("DEV", "STEPS", value)
    assert parse_text(file.text).sections == file.sections
    expected = "\n".join(line.strip() for line in value.strip().split("\n"))
    assert entries(file, "DEV") == entries(before, "DEV") | {"STEPS": expected}
    assert entries(file, "PROD") == entries(before, "PROD")
    back = file.set("DEV", "STEPS", "one\ntwo").remove("DEV", "OTHER")
    assert back.text == parse_text(TEXT).set("DEV", "STEPS", "one\ntwo").text


def test_a_comment_between_the_lines_of_a_value_is_no_part_of_it() -> None:
    file = parse_text("[A]\nx =\n  one\n# not this\n  two\ny = 1\n")
    assert entries(file, "A") == {"x": "one\ntwo", "y": "1"}


def test_no_file_offers_three_environments_and_writes_nothing(tmp_path: Path) -> None:
    file = read_config(tmp_path / "config.ini")
    assert not file.exists
    assert [section.name for section in file.sections] == ["DEV", "UAT", "PROD"]
    assert list(entries(file, "DEV")) == ["CONDA_ENV", "CONFIG_PATH", "RESULT_PATH"]
    assert not list(tmp_path.iterdir())


def test_saving_writes_the_file_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "config.ini"
    saved = write_config(path, read_config(path).set("DEV", "CONFIG_PATH", "conf"))
    assert saved == read_config(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_an_existing_files_mode_newlines_and_mark_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "config.ini"
    path.write_bytes(b"\xef\xbb\xbf[DEV]\r\nA = 1\r\n")
    path.chmod(0o640)
    write_config(path, read_config(path).add("DEV", "B", "2"))
    assert path.read_bytes() == b"\xef\xbb\xbf[DEV]\r\nA = 1\r\nB = 2\r\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_file_that_others_changed_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "config.ini"
    path.write_text("[DEV]\nA = 1\n")
    mine = read_config(path).set("DEV", "A", "2")
    path.write_text("[DEV]\nA = 9\n")
    with pytest.raises(ConfigError, match="changed by someone else"):
        write_config(path, mine)
    assert path.read_text() == "[DEV]\nA = 9\n"


def test_a_file_that_appeared_or_went_since_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "config.ini"
    mine = read_config(path)
    path.write_text("[DEV]\n")
    with pytest.raises(ConfigError, match="changed by someone else"):
        write_config(path, mine)
    known = read_config(path)
    path.unlink()
    with pytest.raises(ConfigError, match="changed by someone else"):
        write_config(path, known)


def test_a_link_out_of_its_folder_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside.ini"
    outside.write_text("[DEV]\n")
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "config.ini").symlink_to(outside)
    with pytest.raises(ConfigError, match="outside its own folder"):
        read_config(folder / "config.ini")
    with pytest.raises(ConfigError, match="outside its own folder"):
        write_config(folder / "config.ini", parse_text("[X]\n"))


def test_a_link_inside_its_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.ini").write_text("[DEV]\n")
    link = tmp_path / "config.ini"
    link.symlink_to("real.ini")
    write_config(link, read_config(link).add("DEV", "A", "1"))
    assert link.is_symlink()
    assert (tmp_path / "real.ini").read_text() == "[DEV]\nA = 1\n"


def test_a_pipe_in_the_files_place_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "config.ini")
    with pytest.raises(ConfigError, match="not a file"):
        read_config(tmp_path / "config.ini")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[A]\nx = \xff\n", "not a text file in UTF-8"),
        (b"[A]\n\0", "not a text file"),
        (b"[A]\n" + b"#" * (1 << 20), "more than 1 MB"),
        (b"x = 1", "Line 1"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "config.ini"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=words):
        read_config(path)


def test_a_folder_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        write_config(tmp_path / "no" / "config.ini", parse_text("[A]\n"))


def test_secrets_are_masked_for_views_and_kept_by_an_edit_of_the_masked_text() -> None:
    file = parse_text(
        "[DEV]\nDB_PASSWORD = hunter2\nURL=https://me:pw123@host/x\nKEY_FILE = /a/b\n"
    )
    shown = masked_text(file)
    assert shown == f"[DEV]\nDB_PASSWORD = {MASK}\nURL={MASK}\nKEY_FILE = /a/b\n"
    edited = file.with_text(shown.replace("/a/b", "/c/d"))
    assert unmasked(edited, secret_values(file)).text == file.text.replace(
        "/a/b", "/c/d"
    )


def test_a_hidden_value_under_another_name_must_be_typed_again() -> None:
    file = parse_text("[DEV]\nTOKEN = abc123\n")
    with pytest.raises(ConfigError, match="Type it again") as caught:
        unmasked(parse_text(f"[DEV]\nNEW_TOKEN = {MASK}\n"), secret_values(file))
    assert caught.value.line == 2


def test_values_do_not_stand_in_a_repr() -> None:
    file = parse_text("[DEV]\nDB_PASSWORD = hunter2\n")
    assert is_secret(file.sections[0].entries[0])
    assert "hunter2" not in f"{file!r} {file.sections!r}"


def test_sections_become_environments(home: Path, tmp_path: Path) -> None:
    python = tmp_path / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch(mode=0o755)
    text = f"""
[DEFAULT]
REGION = EU
[DEV]
CONDA_ENV = venv
CONFIG_PATH = conf
RESULT_PATH =
[UAT]
INTERPRETER = {python}
CONDA_ENV = elsewhere
CWD = work
production = yes
[PROD]
PYTHON = ~/bin/python
"""
    dev, uat, prod = environments(parse_text(text), load_settings(tmp_path))
    assert dev.interpreter == str(python)
    assert dev.variables == {"REGION": "EU", "CONDA_ENV": "venv", "CONFIG_PATH": "conf"}
    assert (dev.cwd, dev.production) == ("", False)
    assert (uat.interpreter, uat.cwd) == (str(python), str(tmp_path / "work"))
    assert uat.variables == {"REGION": "EU", "CONDA_ENV": "elsewhere"}
    assert uat.production
    assert prod.interpreter == str(Path.home() / "bin" / "python")
    assert prod.production


def test_an_environment_never_falls_back_to_another_python(
    home: Path, tmp_path: Path
) -> None:
    file = parse_text("[A]\nCONDA_ENV = quant311\n[B]\nCONDA_ENV = /no/such\n")
    a, b = environments(file, load_settings(tmp_path))
    assert a.interpreter == str(tmp_path / "quant311" / "bin" / "python")
    assert b.interpreter == "/no/such/bin/python"


def test_problems_are_told_at_their_key(tmp_path: Path) -> None:
    file = parse_text(
        "[A]\nCONDA_ENV = quant311\nINTERPRETER = nowhere\nCWD = no\n"
        "CONFIG_PATH = no\nPRODUCTION = maybe\nRESULT_PATH = new\n"
        "[B]\nCONDA_ENV = ./no\n[C]\nCONDA_ENV =\n"
    )
    found = {(p.section, p.key): p.message for p in problems(file, tmp_path)}
    assert "the path of the environment's folder" in found["A", "CONDA_ENV"]
    assert str(tmp_path / "nowhere") in found["A", "INTERPRETER"]
    assert found["A", "CWD"] == f"There is no folder {tmp_path / 'no'}."
    assert found["A", "CONFIG_PATH"] == f"There is no {tmp_path / 'no'}."
    assert "taken as yes" in found["A", "PRODUCTION"]
    assert "bin/python" in found["B", "CONDA_ENV"]
    assert len(found) == 6


def test_a_text_that_is_no_configuration_yet_is_masked_line_by_line() -> None:
    text = "[DEV]\nnonsense\nDB_PASSWORD = hunter2\n  more\nA = 1"
    shown, hidden = mask_lines(text)
    assert shown == f"[DEV]\nnonsense\nDB_PASSWORD = {MASK}\n    {MASK}\nA = 1"
    mended = parse_text(shown.replace("nonsense\n", ""))
    assert entries(unmasked(mended, hidden), "DEV") == {
        "DB_PASSWORD": "hunter2\nmore",
        "A": "1",
    }
