"""How many real command lines become the right form, and their values the right argv.

Over the corpus of ``tests/corpus``: does the spec say of every argument what the parser
has at run time, and does the argv of random valid values give, in the module's own
``parse_args``, exactly the namespace that they mean? Every miss is printed with what is
wrong. What is refused is tried again with random command lines (``tests/roundtrip``);
where one of them does, the refusal is a miss.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from opsdash_widgets.core.discovery import probe_module
from opsdash_widgets.core.errors import OpsdashError
from opsdash_widgets.core.model import ModuleSpec
from tests.corpus import COMMAND_LINES, INTERPRETER
from tests.corpus.agreement import differences
from tests.corpus.truth import environment, truth
from tests.roundtrip import Outcome, measure

from .figure import Figure

VALUES = 25
SEED = 1
BLIND = 60
AT_ONCE = 2


class Result(NamedTuple):
    """What one command line came to.

    Attributes:
        module: its name.
        differs: what its spec says otherwise than its parser.
        outcome: what became of its values.
    """

    module: str
    differs: list[str]
    outcome: Outcome


def figures() -> list[Figure]:
    """The rates of extraction and of round trips, in per cent."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        results = list(pool.map(measured, [case.module for case in COMMAND_LINES]))
    for line in (line for result in results for line in misses(result)):
        print(line, file=sys.stderr)
    return [extraction(results), round_trip(results)]


def measured(module: str) -> Result:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            spec = probe_module(
                module,
                interpreter=INTERPRETER,
                cwd=folder,
                variables=environment(name),
                timeout_s=60,
            )
        except OpsdashError as error:
            return Result(module, [str(error)], Outcome())
        differs = _differs(spec, name)
        return Result(module, differs, measure(spec, folder, VALUES, SEED, BLIND))


def _differs(spec: ModuleSpec, folder: str) -> list[str]:
    real = truth(spec.module, INTERPRETER, folder)
    return ["it shows no parser"] if real is None else differences(real, spec.parser)


def extraction(results: list[Result]) -> Figure:
    right = [result for result in results if not result.differs]
    return Figure(
        name="command lines whose form is their parser",
        value=100 * len(right) / len(results),
        unit="%",
        target=100,
        better="higher",
        note=f"{len(right)} of {len(results)}, every field of every argument",
    )


def round_trip(results: list[Result]) -> Figure:
    outcomes = [result.outcome for result in results]
    tried = sum(one.tried for one in outcomes)
    back = sum(one.right for one in outcomes)
    refused = sum(not no.wrong for one in outcomes for no in one.refusals)
    asked = sum(bool(one.tried) for one in outcomes)
    return Figure(
        name="values that their own parser reads as meant",
        value=100 * (back + refused) / max(tried, 1),
        unit="%",
        target=100,
        better="higher",
        note=f"{back:,} of {tried:,} in {asked} command lines; {refused} that no "
        "command line holds are refused",
    )


def misses(result: Result) -> Iterator[str]:
    """A line for each thing that is wrong."""
    yield from (f"{result.module}: {words}" for words in result.differs)
    for miss in result.outcome.misses:
        yield f"{result.module}: {miss.form} gives {miss.argv}: {miss.told}"
    for no in result.outcome.refusals:
        if no.wrong:
            yield f"{result.module}: {no.form} is refused, and need not be: {no.fields}"
    if result.outcome.tried < VALUES:
        why = "; ".join(result.outcome.troubles)
        yield f"{result.module}: only {result.outcome.tried} values were drawn ({why})"
