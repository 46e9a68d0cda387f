"""Many at once: two hundred launches, two that press Stop."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from opsdash_widgets.core.model import LaunchRequest, Outcome, RunQuery, RunState
from opsdash_widgets.core.rundir import read_rungs
from tests.core.desk import Desk, until
from tests.core.sessions import Sessions

MANY = 200

PRESSES = """
    import sys, time
    from pathlib import Path
    from opsdash_widgets.core.model import Actor
    from opsdash_widgets.core.service import open_service
    project, run_id, name, moment = sys.argv[1:]
    service = open_service(Path(project), Actor(name=name))
    service.run(run_id)
    while time.monotonic() < float(moment):
        pass
    service.stop(run_id)
    print("pressed", flush=True)
    service.close()
"""


def test_two_hundred_runs_started_at_once_all_run_and_end_as_they_should(
    desk: Desk,
) -> None:
    service = desk.service()
    module = desk.module(
        "waits",
        """
        import os, sys, time
        number = int(sys.argv[1])
        print("begun", number)
        while not os.path.exists("go"):
            time.sleep(0.25)
        print("done", number)
        sys.exit(number % 3)
        """,
    )

    def launch(number: int) -> tuple[str, int]:
        request = LaunchRequest(module=module, argv=(str(number),))
        return service.launch(request).run_id, number

    with ThreadPoolExecutor(8) as pool:
        numbers = dict(pool.map(launch, range(MANY)))

    def all_run() -> bool:
        service.sync()
        return service.counts()[RunState.RUNNING] == MANY

    until(all_run, "all of them run")
    (desk.project / "go").touch()

    def all_ended() -> bool:
        service.sync()
        return not any(service.counts().values())

    until(all_ended, "all have ended")
    runs = service.runs(RunQuery(limit=1000)).runs
    assert {run.run_id: run.verdict.exit_code for run in runs} == {
        run_id: number % 3 for run_id, number in numbers.items()
    }
    for run in runs:
        number = numbers[run.run_id]
        text = (Path(run.run_dir) / "output.log").read_text()
        assert text == f"begun {number}\ndone {number}\n"


def test_two_panels_that_press_stop_at_once_make_one_stop(
    desk: Desk, sessions: Sessions, home: Path
) -> None:
    with (desk.project / "opsdash.toml").open("a") as settings:
        settings.write("stop_ask_s = 0.2\n")
    service = desk.service()
    for _ in range(2):
        run, _ = desk.running(service, "import time\nprint('ready')\ntime.sleep(600)\n")
        moment = str(time.monotonic() + 1.5)
        command = (str(desk.project), run.run_id)
        with ThreadPoolExecutor(2) as pool:
            said = list(
                pool.map(
                    lambda name, command=command, moment=moment: sessions.start(
                        PRESSES, *command, name, moment
                    )[1],
                    ("ada", "bob"),
                )
            )
        assert said == ["pressed", "pressed"]
        run = desk.ended(service, run)
        assert (run.verdict.outcome, run.verdict.exit_code) == (Outcome.STOPPED, 143)
        rungs = [rung.rung for rung in read_rungs(Path(run.run_dir))]
        assert rungs == ["ask", "terminate"]
        lines = (home / "logs" / "audit.jsonl").read_text().splitlines()
        audited = [json.loads(line) for line in lines if run.run_id in line]
        stops = [(line["action"], line["who"]) for line in audited[1:]]
        assert sorted(stops) == [("stop", "ada"), ("stop", "bob")]
        assert run.verdict.reason in ("Stopped by ada.", "Stopped by bob.")
