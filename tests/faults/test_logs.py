"""A log is truncated or rotated under somebody who reads it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from opsdash_widgets.core.follow import LogFile
from opsdash_widgets.core.model import Outcome

STEPS = """
    import os, time
    from pathlib import Path
    def until(name):
        while not Path(name).exists():
            time.sleep(0.01)
    for number in range(50):
        print("before", number)
    print("ready")
    until("go")
"""


def texts(log: LogFile) -> list[str]:
    log.refresh()
    return [line.text for line in log.lines(0, log.line_count)]


def test_a_log_that_its_job_truncates_is_shown_from_its_new_start(bench: Any) -> None:
    after = """
    os.truncate(os.environ["OPSDASH_RUN_DIR"] + "/output.log", 0)
    print("after")
    """
    run_dir = bench.running(source=STEPS + after)
    log = LogFile(run_dir)
    assert texts(log) == [f"before {number}" for number in range(50)] + ["ready"]
    (bench.modules / "go").touch()
    assert bench.ended(run_dir).outcome is Outcome.SUCCEEDED
    bench.until(lambda: texts(log) == ["after"], "the reader shows what is there")
    log.close()


def test_a_log_that_somebody_rotates_is_shown_as_it_is_now_and_the_run_goes_on(
    bench: Any,
) -> None:
    """What the job still prints goes where its descriptor leads: into the old file."""
    run_dir: Path = bench.running(source=STEPS + "    print('after')\n")
    log = LogFile(run_dir)
    assert texts(log)[-1] == "ready"
    old = run_dir / "output.log.1"
    (run_dir / "output.log").rename(old)
    (run_dir / "output.log").write_text("rotated\n")
    bench.until(lambda: texts(log) == ["rotated"], "the reader shows the new file")
    (bench.modules / "go").touch()
    assert bench.ended(run_dir).outcome is Outcome.SUCCEEDED
    lines = [f"before {number}" for number in range(50)]
    assert old.read_text().splitlines() == [*lines, "ready", "after"]
    log.close()
