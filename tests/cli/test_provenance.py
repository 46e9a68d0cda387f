"""``opsdash show`` tells where a run comes from."""

from __future__ import annotations

import sys

from tests.core.git_repos import repository


def ended(terminal, *words: str) -> str:
    run_id = terminal.detached(*words, "runners.echo")
    terminal.until(run_id, lambda run: run["state"] == "finished")
    return run_id


def test_commit_python_and_packages_are_shown(terminal) -> None:
    commit = repository(terminal.folder)
    run_id = ended(terminal)
    told = terminal.json("show", run_id, "--json")["provenance"]
    assert (told["git"]["commit"], told["git"]["dirty"]) == (commit, False)
    version = sys.version.split()[0]
    assert told["interpreter"]["version"] == version
    shown = terminal("show", run_id).stdout
    digest = told["packages"]["digest"]
    assert f"{commit[:12]} on main\n" in shown
    assert f"{sys.implementation.name} {version}" in shown
    assert f"{told['packages']['count']} ({digest[:12]})" in shown
    terminal.module("runners.echo", "print('changed')\n")
    assert f"{commit[:12]} on main, dirty\n" in terminal("show", ended(terminal)).stdout


def test_where_it_lies_in_no_repository_nothing_is_said_of_one(terminal) -> None:
    run_id = ended(terminal, "--requested-by", "ada")
    assert terminal.json("show", run_id, "--json")["provenance"]["git"] is None
    shown = terminal("show", run_id).stdout
    assert "commit" not in shown
    assert "launched by" in shown
