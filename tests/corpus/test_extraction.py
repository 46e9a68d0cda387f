"""Every argument of real command lines, as their own parsers have it at run time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from opsdash_widgets.core import discovery
from opsdash_widgets.core.model import Kind
from tests.corpus import COMMAND_LINES, INTERPRETER, OTHER_MODULES, CommandLineCase
from tests.corpus.agreement import differences
from tests.corpus.truth import environment, truth

_AT_ONCE = 3
_ALL = (*COMMAND_LINES, *OTHER_MODULES)


def _compared(case: CommandLineCase, folder: Path) -> list[str]:
    real = truth(case.module, INTERPRETER, str(folder))
    spec = discovery.probe_module(
        case.module,
        interpreter=INTERPRETER,
        cwd=folder,
        variables=environment(str(folder)),
        timeout_s=60,
    )
    if spec.kind != case.kind:
        return [f"its kind is {case.kind}, said {spec.kind}"]
    if spec.kind is not Kind.ARGPARSE:
        return []
    return ["it shows no parser"] if real is None else differences(real, spec.parser)


@pytest.fixture(scope="module")
def compared(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Future[list[str]]]]:
    """What differs, by module; all are asked at once, a few at a time."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield {
            case.module: pool.submit(_compared, case, tmp_path_factory.mktemp("corpus"))
            for case in _ALL
        }


@pytest.mark.parametrize("case", _ALL, ids=lambda case: case.module)
def test_a_spec_says_of_every_argument_what_its_parser_says(
    compared: dict[str, Future[list[str]]], case: CommandLineCase
) -> None:
    assert compared[case.module].result(timeout=600) == []


def test_the_corpus_is_broad_enough() -> None:
    assert len(COMMAND_LINES) >= 60
    assert len({case.module for case in _ALL}) == len(_ALL)
    assert sum(1 for case in COMMAND_LINES if case.package) >= 40
