"""Real git repositories for tests, and doubles of the git that is asked about them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

NOBODYS = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
}
"""Whoever runs the tests has settings of their own."""


def git(folder: Path, *words: str, given: Mapping[str, str] | None = None) -> str:
    """Run git in a folder and give what it prints."""
    options = ("-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main")
    done = subprocess.run(
        ["git", "-C", folder, *options, *words],  # noqa: S607 - the user's own
        env={**os.environ, **NOBODYS, **(given or {})},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def commit_all(folder: Path, words: str = "a state") -> str:
    """Commit what is in a folder; the commit's id."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", words)
    return git(folder, "rev-parse", "HEAD")


def repository(folder: Path) -> str:
    """Make a folder a repository with one commit of what is in it; the commit's id."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet")
    return commit_all(folder)


def double_of_git(folder: Path, script: str) -> str:
    """A program named git that is none; the PATH on which it stands first.

    Args:
        folder: where it is put.
        script: what it does, for a shell; ``$GIT`` is the real one.
    """
    folder.mkdir()
    program = folder / "git"
    real = shutil.which("git")
    program.write_text(f"#!/bin/sh\n# A double of git.\nGIT={real}\n{script}\n")
    program.chmod(0o755)
    return f"{folder}{os.pathsep}{os.environ['PATH']}"


def path_without_git(folder: Path) -> str:
    """A PATH of which no folder has a git."""
    folder.mkdir()
    return str(folder)
