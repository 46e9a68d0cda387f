"""A module of one's own, and what its parser says: for tests of the validation."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from opsdash_widgets.core import discovery
from opsdash_widgets.core.discovery import ParserVerdict, sandbox
from opsdash_widgets.core.model import ModuleSpec

HEAD = "import argparse, os, sys, pathlib\n"
TAIL = "\nif __name__ == '__main__':\n    pass\n"


class Asked:
    """Writes a module and asks its parser."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.interpreter = sys.executable
        self.timeout_s = 60.0

    def __call__(
        self, source: str, *argvs: list[str], secrets: tuple[str, ...] = ()
    ) -> list[ParserVerdict]:
        """The verdicts; on a machine that allows none, what is expected of it."""
        (self.folder / "job.py").write_text(HEAD + source + TAIL)
        spec = discovery.probe_module(
            "job", interpreter=self.interpreter, cwd=self.folder
        )
        return self.ask(spec, *argvs, secrets=secrets)

    def ask(
        self, spec: ModuleSpec, *argvs: list[str], secrets: tuple[str, ...] = ()
    ) -> list[ParserVerdict]:
        validation = discovery.validate(
            "job",
            argvs,
            interpreter=self.interpreter,
            cwd=self.folder,
            spec=spec,
            timeout_s=self.timeout_s,
            secrets=secrets,
        )
        if not validation.available:
            assert not sandbox.confinement().is_full
            pytest.xfail(validation.reason)
        assert len(validation.verdicts) == len(argvs)
        return list(validation.verdicts)


def refused(verdict: ParserVerdict) -> tuple[str, tuple[str, ...]]:
    assert verdict.accepted is False
    return verdict.message, verdict.fields
