"""What a form means comes back from each hostile module's own parser, or is refused."""

from __future__ import annotations

import sys

import pytest

from opsdash_widgets.core.discovery import probe_module
from tests.roundtrip import Outcome, measure
from tests.roundtrip.interpreters import others

from . import FOLDER, MODULES

DIFFERENT = (
    *("abbreviated", "choices_from", "commands_among", "groups", "intermixed"),
    *("maybes", "negative_options", "no_abbrev", "no_exit", "plain_numbers"),
    *("positionals", "remainder", "with_parents"),
)
"""Those that the generations of argparse read in different ways."""


def outcome(module: str, interpreter: str, count: int, blind: int) -> Outcome:
    spec = probe_module(module, interpreter=interpreter, cwd=FOLDER)
    return measure(spec, FOLDER, count, seed=sum(map(ord, module)), blind=blind)


def some_others(turn: int) -> list[str]:
    """Two of the other Pythons, by turns."""
    known = others()
    return sorted({known[(turn + step) % len(known)] for step in (0, 2) if known})


@pytest.mark.parametrize("module", MODULES)
def test_values_come_back_or_are_refused_for_good_reason(module: str) -> None:
    found = outcome(module, sys.executable, 30, 50)
    assert found.misses == ()
    assert [one for one in found.refusals if one.wrong] == []
    assert all(words for one in found.refusals for words in one.fields.values())
    assert (found.tried, found.right > 0) == (30, True), found.troubles


@pytest.mark.parametrize("module", DIFFERENT)
def test_they_come_back_in_other_pythons_of_this_machine(module: str) -> None:
    for python in some_others(DIFFERENT.index(module)):
        found = outcome(module, python, 12, 30)
        assert found.misses == (), python
        assert [one for one in found.refusals if one.wrong] == [], python
        assert found.tried == 12, (python, found.troubles)
