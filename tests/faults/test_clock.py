"""The clock is set back an hour while a run runs; no duration goes wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from opsdash_widgets.core.model import Outcome, RunState
from opsdash_widgets.core.rundir import read_verdict
from tests.core.desk import Desk, until

pytestmark = pytest.mark.faketime

HOUR_S = 3600.0

LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))

LAUNCHES = """
    import sys, time
    from pathlib import Path
    from opsdash_widgets.core.model import LaunchRequest
    from opsdash_widgets.core.service import open_service
    service = open_service(Path(sys.argv[1]))
    print(service.launch(LaunchRequest(module="jobs.waits")).run_dir, flush=True)
    sys.stdin.read()
    service._executor._supervisors[0].wait()
    service.close()
"""

WAITS = """
    import os, select, sys, time
    print("ready", int(time.time()))
    while not os.path.exists("go"):
        select.select([], [], [], 0.01)  # a faked clock does not sleep until a moment
    print("goes", int(time.time()))
    sys.exit(3)
"""


def test_a_clock_set_back_an_hour_makes_no_duration_wrong(
    desk: Desk, tmp_path: Path
) -> None:
    assert LIBRARIES, "there is no libfaketime; `make unit` says how to get it"
    desk.module("waits", WAITS)
    clock = tmp_path / "clock"
    clock.write_text("+0\n")
    faked = {
        "LD_PRELOAD": str(LIBRARIES[0]),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1",  # what is set is the wall's clock
        "PYTHONPATH": str(Path.cwd()),
    }
    begun = time.monotonic()
    launcher = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(LAUNCHES), str(desk.project)],
        env=os.environ | faked,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert launcher.stdout is not None
    run_dir = Path(launcher.stdout.readline().strip())
    output = run_dir / "output.log"
    until(lambda: output.exists() and "ready" in output.read_text(), "it runs")
    later = clock.with_suffix(".later")
    later.write_text(f"-{HOUR_S:.0f}\n")
    later.rename(clock)
    while_running = read_verdict(run_dir)
    assert while_running.state is RunState.RUNNING
    (desk.project / "go").touch()
    verdict = desk.ended(desk.service(), desk.service().run(run_dir.name)).verdict
    took = time.monotonic() - begun
    launcher.communicate("")

    before, after = (int(word) for word in output.read_text().split()[1::2])
    assert before - after > HOUR_S / 2, "the job has seen the clock go back"
    assert (verdict.outcome, verdict.exit_code) == (Outcome.FAILED, 3)
    for seen in (while_running, verdict):
        assert seen.duration is not None
        assert 0 < seen.duration < took
    assert verdict.started is not None
    assert verdict.ended is not None
    assert verdict.ended < verdict.started, "both are what the clock said"
    log = desk.service().log(run_dir.name)
    log.refresh()
    texts = [line.text.split()[0] for line in log.lines(0, log.line_count)]
    log.close()
    assert texts == ["ready", "goes"]
