"""Where a run comes from: the commit of its module, as git or its files tell it."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from opsdash_widgets.cell import RunHandle
from opsdash_widgets.core.model import (
    FormValues,
    GroupState,
    LaunchRequest,
    RunQuery,
    SweepRequest,
)
from opsdash_widgets.core.provenance import git as asking_git
from opsdash_widgets.core.provenance import read_provenance
from opsdash_widgets.core.provenance.git import git_state
from opsdash_widgets.core.redaction import MASK

from .desk import Desk, until
from .git_repos import (
    NOBODYS,
    commit_all,
    double_of_git,
    git,
    path_without_git,
    repository,
)

PRINTS = "print('done')\n"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working tree with a commit, and nobody's settings."""
    for name, value in NOBODYS.items():
        monkeypatch.setenv(name, value)
    folder = tmp_path / "tree"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "module.py").write_text("first\n")
    repository(folder)
    monkeypatch.setattr(asking_git, "_spared", {})
    return folder


def test_a_clean_tree_is_told_by_commit_branch_and_root(tree: Path) -> None:
    found = git_state(tree / "inner")
    assert found is not None
    assert found.commit == git(tree, "rev-parse", "HEAD")
    assert (found.branch, found.dirty, found.note) == ("main", False, "")
    assert found.root == str(tree)


@pytest.mark.parametrize("change", ["edited", "staged", "deleted", "conflict"])
def test_a_tracked_file_that_differs_makes_it_dirty(tree: Path, change: str) -> None:
    module = tree / "inner" / "module.py"
    if change == "edited":
        module.write_text("later\n")  # of the same length
    elif change == "staged":
        module.write_text("staged\n")
        git(tree, "add", "--all")
    elif change == "deleted":
        module.unlink()
    else:
        git(tree, "checkout", "--quiet", "-b", "other")
        module.write_text("theirs\n")
        commit_all(tree)
        git(tree, "checkout", "--quiet", "main")
        module.write_text("ours\n")
        commit_all(tree)
        with pytest.raises(subprocess.CalledProcessError):
            git(tree, "merge", "other")
    found = git_state(tree)
    assert found is not None
    assert found.dirty is True
    assert found.commit == git(tree, "rev-parse", "HEAD")


def test_files_that_git_does_not_track_do_not_count(tree: Path) -> None:
    (tree / "inner" / "new.py").write_text("new\n")
    found = git_state(tree)
    assert found is not None
    assert found.dirty is False


def test_asking_changes_nothing_in_the_repository(tree: Path) -> None:
    (tree / "inner" / "module.py").touch()
    before = {path: path.stat().st_mtime_ns for path in (tree / ".git").rglob("*")}
    assert git_state(tree) is not None
    after = {path: path.stat().st_mtime_ns for path in (tree / ".git").rglob("*")}
    assert after == before


def test_without_a_repository_nothing_is_said(tmp_path: Path) -> None:
    assert git_state(tmp_path) is None
    (tmp_path / ".git").mkdir()
    assert git_state(tmp_path) is None
    assert git_state(tmp_path / "nosuch") is None


def test_a_detached_head_has_no_branch(tree: Path) -> None:
    git(tree, "checkout", "--quiet", "--detach")
    found = git_state(tree)
    assert found is not None
    assert (found.branch, len(found.commit)) == ("", 40)


def test_a_repository_without_a_commit_has_none(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    found = git_state(tmp_path)
    assert found is not None
    assert (found.commit, found.branch) == ("", "main")


def test_what_only_looks_like_a_repository_is_none(tree: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare.git"
    git(tmp_path, "clone", "--quiet", "--bare", str(tree), str(bare))
    assert git_state(bare / "refs") is None
    inside = tree / "inner"
    for part in bare.iterdir():  # a bare repository that was put among the sources
        part.rename(inside / part.name)
    (inside / "config").write_text("[core]\n\tbare = true\n\tfsmonitor = /bin/false\n")
    found = git_state(inside)
    assert found is not None
    assert found.root == str(tree)


@pytest.mark.parametrize("asked", ["git", "files"])
@pytest.mark.parametrize("kind", ["worktree", "submodule", "packed", "sha256"])
def test_git_and_the_files_tell_the_same_commit(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, asked: str
) -> None:
    folder, branch = tree, "main"
    if kind == "worktree":
        folder, branch = tmp_path / "second", "second"
        git(tree, "worktree", "add", "--quiet", "-b", branch, str(folder))
        (folder / "inner" / "more.py").write_text("more\n")
        commit_all(folder)
    elif kind == "submodule":
        other = tmp_path / "other"
        repository(other)
        git(tree, "submodule", "--quiet", "add", str(other), "sub")
        folder = tree / "sub"
    elif kind == "packed":
        git(tree, "pack-refs", "--all")
    else:
        folder = tmp_path / "long"
        folder.mkdir()
        git(folder, "init", "--quiet", "--object-format=sha256")
        commit_all(folder)
    expected = git(folder, "rev-parse", "HEAD")
    if asked == "files":
        monkeypatch.setenv("PATH", path_without_git(tmp_path / "empty"))
    found = git_state(folder)
    assert found is not None
    assert (found.commit, found.branch) == (expected, branch)
    assert found.root == str(folder)
    assert found.dirty is (None if asked == "files" else False)
    assert bool(found.note) is (asked == "files")


def trapped(tree: Path, ran: Path) -> None:
    """Have a repository's own configuration run a program on every occasion."""
    trap = tree.parent / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {ran}\ncat\n")
    trap.chmod(0o755)
    hooks = tree / ".git" / "hooks"
    for name in ("post-index-change", "fsmonitor-watchman", "reference-transaction"):
        (hooks / name).write_text(trap.read_text())
        (hooks / name).chmod(0o755)
    (tree / ".git" / "more").write_text(f'[filter "sly=1"]\n\tsmudge = {trap}\n')
    settings = {
        "core.fsmonitor": trap,
        "core.pager": trap,
        "pager.status": "true",
        "core.sshCommand": trap,
        "filter.evil.clean": trap,
        "filter.evil.required": "true",
        "filter.worse.process": trap,
        "protocol.ext.allow": "always",
        "remote.origin.url": f"ext::{trap}",
        "remote.origin.promisor": "true",
        "remote.origin.partialCloneFilter": "blob:none",
        "extensions.partialClone": "origin",
        "core.repositoryFormatVersion": "1",
        "status.submoduleSummary": "true",
        "status.showUntrackedFiles": "all",
    }
    for name, value in settings.items():
        git(tree, "config", name, str(value))


def test_nothing_of_a_hostile_repository_is_run(tree: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    (tree / ".gitattributes").write_text("*.py filter=evil\n*.txt filter=worse\n")
    (tree / "inner" / "notes.txt").write_text("first\n")
    commit = commit_all(tree)
    trapped(tree, ran)
    for name in ("module.py", "notes.txt"):
        (tree / "inner" / name).write_text("later\n")
    found = git_state(tree / "inner")
    assert not ran.exists()
    assert found is not None
    assert (found.commit, found.dirty) == (commit, None)
    assert "filters" in found.note
    git(tree, "status")
    assert ran.exists()  # the traps are real


def test_a_missing_object_is_fetched_from_nowhere(tree: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    commit = git(tree, "rev-parse", "HEAD")
    below = git(tree, "rev-parse", "HEAD^{tree}")
    trapped(tree, ran)
    (tree / ".git" / "objects" / below[:2] / below[2:]).unlink()
    found = git_state(tree)
    assert not ran.exists()
    assert found is not None
    assert (found.commit, found.dirty) == (commit, None)


def test_filters_of_its_own_do_not_hide_that_nothing_has_changed(tree: Path) -> None:
    git(tree, "config", "filter.own.clean", "cat")
    (tree / ".gitattributes").write_text("*.py filter=own\n")
    commit_all(tree)
    found = git_state(tree)
    assert found is not None
    assert (found.dirty, found.note) == (False, "")


def test_a_git_that_hangs_is_ended_and_not_asked_again(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pids = tmp_path / "pids"
    hangs = f"sleep 600 &\necho $$ $! >> {pids}\nwait"
    monkeypatch.setenv("PATH", double_of_git(tmp_path / "hangs", hangs))
    monkeypatch.setattr(asking_git, "TIMEOUT_S", 0.3)
    for note in ("git took too long.", "git took too long a moment ago."):
        found = git_state(tree)
        assert found is not None
        assert (found.branch, len(found.commit), found.dirty) == ("main", 40, None)
        assert found.note == note
    numbers = pids.read_text().split()
    assert len(numbers) == 2  # it was started once
    until(lambda: not any(map(lives, numbers)), "nothing of it is left")


def lives(pid: str) -> bool:
    try:
        return (
            Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        )
    except OSError:
        return False


def test_a_refusal_of_git_is_told_and_not_overridden(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = 'GIT_TEST_ASSUME_DIFFERENT_OWNER=1 exec "$GIT" "$@"'
    monkeypatch.setenv("PATH", double_of_git(tmp_path / "others", other))
    found = git_state(tree)
    assert found is not None
    assert "safe.directory" in found.note
    assert (len(found.commit), found.dirty) == (40, None)


@pytest.mark.parametrize(
    "head", ["ref: ../../../etc/passwd", "ref: refs/../../x", "x" * 9000, "\0", ""]
)
def test_a_head_that_leads_elsewhere_says_nothing(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, head: str
) -> None:
    (tree / ".git" / "HEAD").write_text(head)
    monkeypatch.setenv("PATH", path_without_git(tmp_path / "empty"))
    found = git_state(tree)
    assert found is not None
    assert (found.commit, found.branch) == ("", "")


@pytest.mark.parametrize("name", ["HEAD", "config", "packed-refs"])
def test_a_fifo_in_a_repository_holds_nobody_up(
    tree: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking_git, "TIMEOUT_S", 0.5)
    (tree / ".git" / name).unlink(missing_ok=True)
    os.mkfifo(tree / ".git" / name)
    begun = time.monotonic()
    git_state(tree)
    assert time.monotonic() - begun < 30  # not for ever


# What a launch records


def test_a_launch_records_the_state_of_the_modules_repository(
    desk: Desk, tree: Path
) -> None:
    module = desk.module("prints", PRINTS)
    git(desk.project, "init", "--quiet")
    git(desk.project, "remote", "add", "origin", "https://ada:hunter2@example.org/x")
    commit = commit_all(desk.project)
    desk.module("prints", "print('changed')\n")
    service = desk.service()
    request = LaunchRequest(module=module, cwd=str(tree))
    run = desk.run(service, request)
    assert run.spec.provenance["git"] == {
        "commit": commit,
        "branch": "main",
        "dirty": True,
        "root": str(desk.project),
        "note": "",
    }
    assert run.spec.provenance["interpreter"]["path"] == run.spec.interpreter
    assert len(run.spec.provenance["packages"]["digest"]) == 64
    assert "hunter2" not in (Path(run.run_dir) / "spec.json").read_text()
    found = RunHandle(service, run).provenance.git
    assert found is not None
    assert (found.commit, found.dirty) == (commit, True)


def test_an_installed_module_has_the_repository_of_the_working_folder(
    desk: Desk, tree: Path
) -> None:
    request = LaunchRequest(
        module="json.tool", argv=("--help",), cwd=str(tree), confirmed=True
    )
    run = desk.run(desk.service(), request)
    assert run.spec.provenance["git"]["root"] == str(tree)


def test_every_run_of_a_sweep_and_of_its_rerun_has_its_own(desk: Desk) -> None:
    source = """
        import argparse, sys
        parser = argparse.ArgumentParser()
        parser.add_argument("--number", type=int)
        if __name__ == "__main__":
            sys.exit(parser.parse_args().number)
    """
    module = desk.module("numbers", source)
    first = repository(desk.project)
    service = desk.service()
    base = LaunchRequest(module=module, values=FormValues())
    request = SweepRequest(base=base, fields={"number": "1,2"})
    group = service.groups.launch(request)
    over(desk, group.group_id)
    second = commit_all(desk.project, "another state")
    again = service.groups.rerun_failed(group.group_id)
    over(desk, again.group_id)
    for group_id, commit in ((group.group_id, first), (again.group_id, second)):
        runs = service.runs(RunQuery(groups=(group_id,))).runs
        assert [run.spec.provenance["git"]["commit"] for run in runs] == [commit] * 2


def over(desk: Desk, group_id: str) -> None:
    service = desk.opened[0]

    def is_over() -> bool:
        service.sync()
        return service.groups.progress(group_id).state is GroupState.FINISHED

    until(is_over, "the group is over")


# Reading it back


def test_what_a_repository_says_is_made_safe_on_its_way_out() -> None:
    recorded = {
        "git": {
            "commit": "a" * 40,
            "branch": "x\x1b]52;c;aGk=\x07<b>&password=hunter2",
            "root": "/home/\udcff",
        }
    }
    found = read_provenance(recorded).git
    assert found is not None
    assert found.branch == f"x<b>&password={MASK}"
    assert found.root == "/home/\ufffd"


@pytest.mark.parametrize(
    "recorded",
    [
        {},
        {"git": 7},
        {"git": {"dirty": "yes"}},
        {"packages": []},
        {"interpreter": None},
    ],
)
def test_a_record_that_is_none_says_nothing(recorded: dict[str, Any]) -> None:
    found = read_provenance(recorded)
    assert (found.git, found.packages.digest) == (None, "")
