"""``opsdash modules``: found without importing anything."""

from __future__ import annotations


def test_modules_are_listed_with_their_first_line(terminal) -> None:
    terminal.module("runners.broken", "def (:\n")
    terminal.module("runners.loud", '"""Says no."""\nimport sys\nsys.exit("no")\n')
    rows = {row["module"]: row for row in terminal.json("modules", "--json")}
    assert rows["runners.echo"]["kind"] == "argparse"
    assert rows["runners.echo"]["title"] == "Writes what it is told to."
    assert rows["runners.loud"]["title"] == "Says no."
    assert rows["runners.broken"]["kind"] == "broken"
    assert rows["runners.broken"]["error"]
    table = terminal("modules").stdout
    assert "runners.echo" in table
    assert rows["runners.broken"]["error"].split()[0] in table


def test_another_package_can_be_named(terminal) -> None:
    rows = terminal.json("modules", "json", "--json")
    assert "json.tool" in {row["module"] for row in rows}


def test_a_package_that_is_not_there_is_an_error(terminal) -> None:
    done = terminal("modules", "no_such_package")
    assert done.returncode == 1
    assert "no_such_package" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_package_without_modules_says_so(terminal) -> None:
    (terminal.folder / "empty").mkdir()
    (terminal.folder / "empty" / "__init__.py").write_text("")
    done = terminal("modules", "empty")
    assert done.stdout == "There are no modules to run in empty.\n"
