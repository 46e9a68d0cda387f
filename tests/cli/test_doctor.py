"""``opsdash doctor``: what it says, what it repairs, and how it ends."""

from __future__ import annotations

from pathlib import Path

from .conftest import Terminal


def test_a_home_that_was_only_used_is_whole(terminal: Terminal, home: Path) -> None:
    assert terminal("run", "runners.echo", "--", "--out", "hi").returncode == 0
    done = terminal("doctor")
    assert done.returncode == 0
    assert str(home) in done.stdout
    assert "1 run directory, the registry: nothing to repair." in done.stdout
    assert done.stderr == ""


def test_it_works_where_nothing_else_does(terminal: Terminal, home: Path) -> None:
    assert terminal("run", "runners.echo").returncode == 0
    for path in home.glob("runs.db*"):
        path.unlink()
    (home / "runs.db").mkdir()
    (home / "opsdash.toml").write_text("this is no toml\n")
    (home / "logs" / "groups").write_text("")
    assert terminal("ps").returncode == 1
    found = terminal("doctor")
    assert found.returncode == 1
    assert "error" in found.stdout
    assert "--fix" in found.stdout
    fixed = terminal("doctor", "--fix")
    assert fixed.returncode == 1  # a settings file is corrected by who wrote it
    assert "repaired" in fixed.stdout
    assert "opsdash.toml, line 1" in fixed.stdout
    (home / "opsdash.toml").unlink()
    assert terminal("doctor").returncode == 0
    assert "succeeded" in terminal("ps").stdout


def test_it_says_what_it_did_and_ends_well(terminal: Terminal, home: Path) -> None:
    assert terminal("run", "runners.echo").returncode == 0
    for number in range(8):
        (home / "logs" / "runs" / f"note {number}").write_text("")
    fixed = terminal("doctor", "--fix")
    assert fixed.returncode == 0
    assert "8 repaired" in fixed.stdout
    assert "set-aside/" in fixed.stdout
    assert "3 more of the kind" in fixed.stdout
    assert "nothing to repair" in terminal("doctor").stdout


def test_json_holds_every_finding(terminal: Terminal, home: Path) -> None:
    assert terminal("run", "runners.echo").returncode == 0
    (home / "logs" / "runs" / "a note").write_text("")
    (home / "todo.txt").write_text("")
    found = terminal("doctor", "--json")
    assert found.returncode == 1
    assert '"whole": false' in found.stdout
    report = terminal.json("doctor", "--fix", "--json")
    assert report["whole"]
    assert report["looked_at"]["runs"] == 1
    assert {one["where"] for one in report["findings"]} == {
        "logs/runs/a note",
        "todo.txt",
    }
    assert all(one["fixed"] for one in report["findings"])
    assert terminal.json("doctor", "--json")["findings"] == []


def test_a_home_that_is_not_there_is_not_made(terminal: Terminal, home: Path) -> None:
    home.rmdir()
    done = terminal("doctor", "--fix")
    assert done.returncode == 0
    assert "nothing to repair" in done.stdout
    assert not home.exists()
