"""The state of a module's repository, by one ``git`` that runs nothing of its own."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from .asking import Answer, ask
from .records import GitState
from .repository import Head, Repository, config_text, find_repository, read_head

TIMEOUT_S = 2.0
"""How long git may take before its files are read instead."""
SPARED_S = 60.0
"""How long a repository is not asked again for which git had not enough time."""

_HARMLESS = {
    "core.fsmonitor": "false",  # a program of the repository's
    "core.hooksPath": os.devnull,
    "core.pager": "cat",
    "safe.bareRepository": "explicit",  # nothing that only looks like a repository
    "status.submoduleSummary": "false",
}
_VARIABLES = {
    "GIT_OPTIONAL_LOCKS": "0",  # the index stays as it is
    "GIT_ALLOW_PROTOCOL": "none",  # a partial clone fetches nothing …
    "GIT_NO_LAZY_FETCH": "1",  # … and is not asked to
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_STATUS = (
    "status",
    "--porcelain=v2",
    "--branch",
    "--no-ahead-behind",
    "--no-renames",
    "--untracked-files=no",
    "--ignore-submodules=dirty",  # a git in each would heed a configuration of its own
)
_FILTERS = ("config", "--null", "--show-scope", "--name-only", "--get-regexp")
_OWN_SCOPES = ("local", "worktree")
_CHANGED = ("1 ", "2 ", "u ")
"""How the lines of changed and of unmerged files begin."""
_NONE = ("(initial)", "(detached)")
"""No commit yet, and no branch."""

_guard = threading.Lock()
_spared: dict[Path, float] = {}


def git_state(folder: Path) -> GitState | None:
    """The repository that a folder lies in; None where it lies in none.

    git is asked; where it is not there, has not the time or refuses, the commit is read
    from the files, and whether anything has changed is not known.
    """
    repository = find_repository(folder)
    if repository is None:
        return None
    head, dirty, note = _asked(repository)
    root = str(repository.root).encode("utf-8", "replace").decode("utf-8")
    return GitState(
        commit=head.commit, branch=head.branch, dirty=dirty, root=root, note=note
    )


def _asked(repository: Repository) -> tuple[Head, bool | None, str]:
    git = shutil.which("git")
    if git is None or not Path(git).is_absolute():
        return read_head(repository), None, "There is no git to ask."
    if _is_spared(repository):
        return read_head(repository), None, "git took too long a moment ago."
    deadline = time.monotonic() + TIMEOUT_S
    try:
        filters = _own_filters(git, repository, deadline)
        if filters is None:
            note = "Its configuration cannot be read."
            return read_head(repository), None, note
        answer = _git(git, repository, filters, _STATUS, deadline)
    except OSError as error:
        return read_head(repository), None, f"git cannot be run: {error.strerror}."
    head, changed = _parsed(answer.text)
    if answer.code is None and not changed:
        with _guard:
            _spared[repository.root] = time.monotonic() + SPARED_S
        return read_head(repository), None, "git took too long."
    if answer.code:
        return read_head(repository), None, _refusal(answer.text)
    if changed and filters:
        # Only its own filters could tell whether these files are as they were.
        return head, None, "Files may have changed; its own filters were not run."
    return head, changed, ""


def _is_spared(repository: Repository) -> bool:
    with _guard:
        return _spared.get(repository.root, 0.0) > time.monotonic()


def _git(
    git: str,
    repository: Repository,
    settings: Mapping[str, str],
    words: tuple[str, ...],
    deadline: float,
) -> Answer:
    """Ask git about a repository and none above it.

    Raises:
        OSError: git cannot be started.
    """
    given = [f"{name}={value}" for name, value in {**_HARMLESS, **settings}.items()]
    options = [word for one in given for word in ("-c", one)]
    inherited = {
        name: value for name, value in os.environ.items() if _is_the_users(name)
    }
    ceiling = {"GIT_CEILING_DIRECTORIES": str(repository.root.parent)}
    return ask(
        [git, "--no-pager", *options, *words],
        cwd=str(repository.root),
        variables={**inherited, **_VARIABLES, **ceiling},
        timeout_s=deadline - time.monotonic(),
    )


def _is_the_users(name: str) -> bool:
    """Whether a variable tells of the user and not of some other repository."""
    return not name.startswith("GIT_") or name.startswith(
        ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM")
    )


def _own_filters(
    git: str, repository: Repository, deadline: float
) -> dict[str, str] | None:
    """Settings that take the programs out of filters which the repository defines.

    ``git status`` would run them on a file that may have changed.

    Returns:
        None where its configuration cannot be read.
    """
    text = config_text(repository)
    if "filter" not in text and "include" not in text:
        return {}
    answer = _git(git, repository, {}, (*_FILTERS, r"^filter\."), deadline)
    if answer.code == 1:  # none matches
        return {}
    words = answer.text.split("\0")
    found = zip(words[::2], words[1::2], strict=False)
    own = {name for scope, name in found if scope in _OWN_SCOPES}
    # A name with "=" in it cannot be given on a command line.
    if answer.code != 0 or any("=" in name for name in own):
        return None
    drivers = {name.rpartition(".")[0] for name in own}
    off = {f"{driver}.{key}": "" for driver in drivers for key in ("clean", "process")}
    return off | {f"{driver}.required": "false" for driver in drivers}


def _parsed(text: str) -> tuple[Head, bool]:
    """The head, and whether anything has changed."""
    said = {}
    for line in text.split("\n"):
        if line.startswith("# branch."):
            name, _, value = line.removeprefix("# branch.").partition(" ")
            said[name] = "" if value in _NONE else value
        elif line.startswith(_CHANGED):
            return Head(said.get("oid", ""), said.get("head", "")), True
    return Head(said.get("oid", ""), said.get("head", "")), False


def _refusal(text: str) -> str:
    if "dubious ownership" in text:
        return "git refuses it: it belongs to another user (safe.directory)."
    first = next((line for line in text.splitlines() if "fatal:" in line), "")
    why = first.partition("fatal:")[2].strip().rstrip(".")
    return f"git refuses it: {why}." if why else "git cannot read it."
