"""What every test may ask for."""

from __future__ import annotations

import itertools
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from opsdash_widgets.core.model import Outcome, Run, RunSpec, RunState, Verdict

# A script's background jobs ignore Ctrl-C, and what we start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder of this test's own, empty, for its owner alone."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("OPSDASH_HOME", str(folder))
    return folder


@pytest.fixture
def make_run() -> Callable[..., Run]:
    """Makes runs; keywords go to whichever of its records has such a field.

    Each is 60 s younger than the one before; one without a state has succeeded.
    """
    numbers = itertools.count()

    def make(**fields: Any) -> Run:
        number = next(numbers)
        created = fields.setdefault("created", 1_750_000_000.0 + 60 * number)
        fields.setdefault(
            "run_id", f"20250615-{number:06d}-{number * 7919 % 65536:06x}"
        )
        fields.setdefault("module", "runners.price_options")
        if "outcome" in fields or "state" not in fields:
            fields.setdefault("outcome", Outcome.SUCCEEDED)
            fields.setdefault("state", RunState.FINISHED)
            fields.setdefault("duration", 10.0)
            fields.setdefault("ended", created + 10.0)
        parts = {
            kind: {
                name: fields[name] for name in kind.__struct_fields__ if name in fields
            }
            for kind in (RunSpec, Verdict, Run)
        }
        run = Run(spec=RunSpec(**parts[RunSpec]), verdict=Verdict(**parts[Verdict]))
        return msgspec.structs.replace(run, **parts[Run])

    return make
