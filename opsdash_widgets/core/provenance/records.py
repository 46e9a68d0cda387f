"""What is recorded of where a run comes from, and how it is read back."""

from __future__ import annotations

from typing import Any

import msgspec

from ..redaction import safe_text

LONGEST = 500
"""Characters of one text that are shown: a repository may name a branch anything."""


class GitState(msgspec.Struct, frozen=True, kw_only=True):
    """The repository that a module lies in, at the moment of the launch.

    Attributes:
        commit: hexadecimal id of what is checked out; empty where it is not known.
        branch: its name; empty for a detached HEAD.
        dirty: whether tracked files differ from the commit; None where that is not
            known. Files that git does not track do not count.
        root: the folder of the working tree.
        note: one sentence for what is not known; may be empty.
    """

    commit: str = ""
    branch: str = ""
    dirty: bool | None = None
    root: str = ""
    note: str = ""


class Interpreter(msgspec.Struct, frozen=True, kw_only=True):
    """The Python that runs a module.

    Attributes:
        path: as the run was given it.
        implementation: ``cpython``, ``pypy`` …; empty where it did not answer.
        version: as it says itself: ``3.12.4``.
    """

    path: str = ""
    implementation: str = ""
    version: str = ""


class Packages(msgspec.Struct, frozen=True, kw_only=True):
    """The distributions that are installed for an interpreter.

    Attributes:
        digest: SHA-256, in hexadecimal, of their sorted ``name==version``, each on a
            line of its own (no newline at the end); empty where they are not known.
        count: how many there are.
    """

    digest: str = ""
    count: int = 0


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """Where a run comes from.

    Attributes:
        git: the module's repository; None where it lies in none.
        interpreter: its Python.
        packages: what is installed there.
    """

    git: GitState | None = None
    interpreter: Interpreter = Interpreter()
    packages: Packages = Packages()


def read_provenance(recorded: dict[str, Any]) -> Provenance:
    """What ``RunSpec.provenance`` says, its texts safe to show.

    A record that is none (anybody may have written the file) says nothing.
    """
    try:
        return msgspec.convert(_safe(recorded), Provenance)
    except msgspec.ValidationError:
        return Provenance()


def _safe(value: Any) -> Any:
    if isinstance(value, str):
        return safe_text(value, LONGEST)
    if isinstance(value, dict):
        return {key: _safe(inner) for key, inner in value.items()}
    return value
