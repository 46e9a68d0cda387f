"""A job is stopped in the middle of a print."""

from __future__ import annotations

from typing import Any

import pytest

from opsdash_widgets.core.model import Outcome
from opsdash_widgets.core.rundir import request_stop

COUNTS = """
    number = 0
    try:
        while True:
            number += 1
            print(number)
    finally:
        print("finally")
"""


@pytest.mark.parametrize("attempt", range(8))
def test_a_job_stopped_while_it_prints_prints_nothing_twice(
    bench: Any, attempt: int
) -> None:
    run_dir = bench.launch(bench.module("counts", COUNTS))
    bench.until_printed(run_dir, f"{500 + 300 * attempt}\n")
    request_stop(run_dir, by="ada", kill=False, ask_s=0, grace_s=30)
    assert bench.ended(run_dir).outcome is Outcome.STOPPED
    printed = bench.output(run_dir)
    # ``print`` writes a number and then the end of its line: it may be stopped between.
    numbers = [int(word) for word in printed.removesuffix("finally\n").split()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert printed.endswith("finally\n")
