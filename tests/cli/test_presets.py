"""``opsdash presets`` and ``opsdash run --preset``."""

from __future__ import annotations

import json
import os
import pty
import sys

import pytest

ECHO = "runners.echo"
GUARDED = '''\
"""Needs a password."""
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--password", required=True)
parser.add_argument("--user", default="me")
args = parser.parse_args()
print(args.user, len(args.password))
'''


def save(terminal, name: str, **values: object) -> None:
    """Save a preset of some values."""
    given = json.dumps({"values": {f"--{key}": value for key, value in values.items()}})
    words = ("presets", ECHO, "save", name, "--values", "-", "--replace")
    done = terminal(*words, give=given)
    assert done.returncode == 0, done.stderr


def typed_when_asked(terminal, question: str, answer: str, *words: str) -> str:
    """What a command shows on a terminal on which a question is answered.

    What is typed before the question is thrown away, as by every program that reads a
    password; in a session of its own there is no other terminal to ask on.
    """
    ours, theirs = pty.openpty()
    streams = {"stdin": theirs, "stdout": theirs, "stderr": theirs}
    shown = b""
    with terminal.start(*words, text=False, start_new_session=True, **streams):
        os.close(theirs)
        try:
            while part := os.read(ours, 65536):
                shown += part
                if answer and shown.endswith(question.encode()):
                    os.write(ours, answer.encode())
                    answer = ""
        except OSError:  # Linux's way to say that the other end is closed
            pass
        os.close(ours)
    return shown.decode()


def test_a_preset_is_saved_listed_shown_and_run(terminal) -> None:
    save(terminal, "month end", out=["hello"], count="2")
    (row,) = terminal.json("presets", ECHO, "--json")
    assert (row["name"], row["place"]) == ("month end", "own")
    shown = terminal.json("presets", ECHO, "show", "month end", "--json")
    assert shown["schema"] == "preset/1"
    assert shown["values"] == {"values": {"--out": ["hello"], "--count": "2"}}
    done = terminal("run", ECHO, "--preset", "month end")
    assert (done.returncode, done.stdout) == (0, "hello\nhello\n")


def test_further_arguments_win_over_the_preset(terminal) -> None:
    save(terminal, "a", out=["hello"], count="2", code="0")
    words = ("--count", "1", "--out=other", "--code", "3")
    done = terminal("run", ECHO, "--preset", "a", "--", *words)
    assert (done.returncode, done.stdout) == (3, "other\n")


def test_options_and_words_may_stand_in_any_order(terminal) -> None:
    done = terminal("presets", "--json", ECHO, "save", "--description", "x", "a")
    assert done.returncode == 0, done.stderr
    done = terminal("presets", ECHO, "--json", "show", "a")
    assert json.loads(done.stdout)["description"] == "x"


def test_a_preset_can_be_what_a_run_was_given(terminal) -> None:
    save(terminal, "a", out=["hello"])
    run_id = terminal.detached("--preset", "a", ECHO)
    done = terminal("presets", ECHO, "save", "b", "--from-run", run_id)
    assert done.returncode == 0, done.stderr
    shown = terminal.json("presets", ECHO, "show", "b", "--json")
    assert shown["values"]["values"] == {"--out": ["hello"]}


def test_renamed_deleted_and_had_back(terminal) -> None:
    save(terminal, "a", out=["hello"])
    assert terminal("presets", ECHO, "rename", "a", "b").returncode == 0
    done = terminal("presets", ECHO, "delete", "b")
    assert "restore b" in done.stderr
    assert terminal("presets", ECHO).stdout == f"No presets for {ECHO} yet.\n"
    assert terminal("presets", ECHO, "restore", "b").returncode == 0
    assert "b" in terminal("presets", ECHO, "list").stdout


def test_exported_and_imported(terminal) -> None:
    save(terminal, "a", out=["hello"])
    text = terminal("presets", ECHO, "export", "a").stdout
    assert terminal("presets", ECHO, "export", "--out", "all.json").returncode == 0
    done = terminal("presets", ECHO, "import", "all.json")
    assert done.returncode == 1
    assert "a already; nothing was imported" in done.stderr
    done = terminal("presets", ECHO, "import", "-", "--replace", give=text)
    assert (done.returncode, done.stdout) == (0, "a\n")


def test_a_preset_that_would_be_refused_is_told_by_the_exit_code(terminal) -> None:
    save(terminal, "good", count="2")
    save(terminal, "bad", count="many")
    assert terminal("presets", ECHO, "validate", "good").returncode == 0
    done = terminal("presets", ECHO, "validate", "bad")
    assert done.returncode == 2
    assert "--count" in done.stderr
    check = terminal("presets", ECHO, "validate", "bad", "--json")
    assert json.loads(check.stdout)["accepted"] is False
    assert "--count=2" in terminal("presets", ECHO, "dry-run", "good").stdout
    dry = terminal.json("presets", ECHO, "dry-run", "good", "--json")
    assert dry["argv"] == ["--count=2"]
    assert terminal.json("ps", "-a", "--json") == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("fly",), 2, "There is no `fly`"),
        (("show",), 2, "presets runners.echo show NAME"),
        (("list", "more"), 2, "presets runners.echo list"),
        (("show", "none"), 1, "no preset none"),
        (("show", "../../etc/passwd"), 1, "cannot hold `/`"),
        (("save", ""), 1, "needs a name"),
        (("save", "x", "--values", "none.json"), 2, "none.json cannot be read"),
        (("save", "x", "--from-run", "none"), 1, "no run none"),
        (("import", "none.json"), 2, "none.json cannot be read"),
        (("rename", "none", "other"), 1, "no preset none"),
        (("delete", "none"), 1, "no preset none"),
    ],
)
def test_a_mistake_is_one_sentence_and_an_exit_code(
    terminal, words: tuple[str, ...], code: int, said: str
) -> None:
    done = terminal("presets", ECHO, *words)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_secret_that_the_preset_lacks_is_asked_for_or_refused(terminal) -> None:
    terminal.module("runners.guarded", GUARDED)
    values = json.dumps({"values": {"--password": "hunter2", "--user": "you"}})
    words = ("presets", "runners.guarded", "save", "a", "--values", "-")
    done = terminal(*words, give=values)
    assert "Secrets are left out: --password" in done.stderr
    run = ("run", "runners.guarded", "--preset", "a")
    done = terminal(*run)
    assert done.returncode == 2
    assert "does not hold it" in done.stderr
    done = terminal(*run, "--", "--password=hunter2")
    assert (done.returncode, done.stdout) == (0, "you 7\n")
    shown = typed_when_asked(terminal, "--password: ", "hunter22\n", *run)
    assert "you 8" in shown
    assert "hunter22" not in shown
    for file in terminal.folder.parent.rglob("*.json*"):
        assert b"hunter2" not in file.read_bytes(), file


def test_another_interpreter_takes_a_preset_too(terminal) -> None:
    save(terminal, "a", out=["hello"])
    link = terminal.folder / "other-python"
    link.symlink_to(os.path.realpath(sys.executable))
    done = terminal("run", "--python", str(link), ECHO, "--preset", "a")
    assert (done.returncode, done.stdout) == (0, "hello\n")
