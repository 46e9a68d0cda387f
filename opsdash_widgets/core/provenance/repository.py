"""A git repository as its files tell of it, where git itself cannot be asked."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from pathlib import Path
from typing import NamedTuple

_SMALL = 4096
"""Bytes that a ``.git`` file, a ``HEAD`` or a ref has at most."""
_PACKED = 32 << 20
"""The same of ``packed-refs`` (some 400,000 refs)."""
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
"""A SHA-1 id, or a SHA-256 one."""
_BRANCH = "refs/heads/"
_DEEPEST = 5
"""Refs that name refs; git follows as many."""


class Repository(NamedTuple):
    """Where a repository keeps what.

    Attributes:
        root: the folder of its working tree.
        git_dir: its own folder, that of the worktree or submodule where it is one.
        common_dir: the folder that all its worktrees share.
    """

    root: Path
    git_dir: Path
    common_dir: Path


class Head(NamedTuple):
    """What is checked out.

    Attributes:
        commit: hexadecimal id; empty where it is not known, or there is none yet.
        branch: name; empty for a detached HEAD.
    """

    commit: str = ""
    branch: str = ""


def find_repository(folder: Path) -> Repository | None:
    """The repository that a folder lies in; only a ``.git`` counts, as with git.

    A bare repository has no working tree that a module could be a part of.
    """
    real = Path(os.path.realpath(folder))
    for root in (real, *real.parents):
        git_dir = _git_dir(root / ".git")
        if git_dir is not None:
            return Repository(root, git_dir, _common_dir(git_dir))
    return None


def _git_dir(entry: Path) -> Path | None:
    """Where a ``.git`` leads: itself, or what its file names (worktree, submodule)."""
    with contextlib.suppress(OSError, ValueError):
        if not entry.is_dir():
            word, _, named = (_read(entry) or "").partition(":")
            if word != "gitdir" or not named.strip():
                return None
            entry = entry.parent / named.strip()
        if os.path.lexists(entry / "HEAD"):
            return entry
    return None


def _common_dir(git_dir: Path) -> Path:
    named = (_read(git_dir / "commondir") or "").strip()
    return git_dir / named if named else git_dir


def read_head(repository: Repository) -> Head:
    """Commit and branch, as the files say."""
    name, branch = "HEAD", ""
    for _ in range(_DEEPEST):
        said = (_ref(repository, name) or "").strip()
        if not said.startswith("ref:"):
            return Head(said if _COMMIT.fullmatch(said) else "", branch)
        name = said.removeprefix("ref:").strip()
        if not _is_plain(name):
            return Head()
        branch = branch or name.removeprefix(_BRANCH)
    return Head(branch=branch)


def _is_plain(name: str) -> bool:
    """Whether a ref's name leads nowhere but below ``refs/``."""
    return name.startswith("refs/") and ".." not in name and "\0" not in name


def _ref(repository: Repository, name: str) -> str | None:
    """What a ref says: its own file first, then the packed ones."""
    said = _read(repository.git_dir / name)
    if said is None and name != "HEAD":
        said = _read(repository.common_dir / name)
        if said is None:
            said = _packed(repository.common_dir, name)
    return said


def _packed(common_dir: Path, name: str) -> str | None:
    text = _read(common_dir / "packed-refs", _PACKED) or ""
    end = text.find(f" {name}\n")
    return text[text.rfind("\n", 0, end) + 1 : end] if end > 0 else None


def config_text(repository: Repository) -> str:
    """What the repository's own configuration says, in lower case."""
    files = (
        repository.common_dir / "config",
        repository.git_dir / "config.worktree",
        repository.common_dir / "config.worktree",
    )
    return "\n".join(_read(path, _PACKED) or "" for path in files).lower()


def _read(path: Path, limit: int = _SMALL) -> str | None:
    """The text of a regular file; nothing here may hang on a FIFO."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return None
    with os.fdopen(fd, "rb") as file:
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            return None
        with contextlib.suppress(OSError):
            return file.read(limit).decode("utf-8", "replace")
    return None
