"""A disk that is full: while a job logs, ends, or is to be stopped.

The home is a small file system of its own, and really full.
"""

from __future__ import annotations

import json
from collections.abc import Callable

SETUP = """
    import asyncio, json, os, sys
    from pathlib import Path
    from opsdash_widgets.core.errors import OpsdashError
    from opsdash_widgets.core.model import LaunchRequest
    from opsdash_widgets.core.service import open_service
    disk = Path(sys.argv[1])
    os.environ["OPSDASH_HOME"] = str(disk)
    project = disk.parent / "jobs_project"
    (project / "jobs").mkdir(parents=True)
    (project / "jobs" / "__init__.py").touch()
    (project / "opsdash.toml").write_text('runners_package = "jobs"\\n')
    service = open_service(project)
    def launch(source):
        (project / "jobs" / "job.py").write_text(source)
        return service.launch(LaunchRequest(module="jobs.job"))
    def until(condition):
        while not condition():
            asyncio.run(asyncio.sleep(0.01))
    def ended(run):
        return asyncio.run(service.wait(run.run_id, poll_s=0.02)).verdict
    def tell(run, verdict):
        left = os.statvfs(disk).f_bavail
        until(lambda: service._executor.reap() or not service._executor._supervisors)
        again = open_service(project)  # the panel still opens
        try:
            again.sync()
            notice = again.notice
        except OpsdashError as error:
            notice = str(error)
        shown = [str(again.run(run.run_id).verdict.outcome)]
        print(json.dumps({"outcome": verdict.outcome, "code": verdict.exit_code,
            "left": left, "shown": shown, "notice": notice,
            "log": (Path(run.run_dir) / "output.log").stat().st_size,
            "record": (Path(run.run_dir) / "exit.json").exists()}))
    BALLAST = (
        "import os\\n"
        "file = open(os.path.join(os.environ['OPSDASH_HOME'], 'ballast'), 'wb', 0)\\n"
        "for size in (65536, 4096, 1):\\n"
        "    try:\\n"
        "        while file.write(b'x' * size): pass\\n"
        "    except OSError: pass\\n"
    )
"""


def test_a_disk_that_fills_while_a_job_logs_fails_the_job_and_loses_no_end(
    small_disk: Callable[..., str],
) -> None:
    told = json.loads(
        small_disk(
            SETUP
            + """
    run = launch("import sys\\nwhile True: print('x' * 999)")
    tell(run, ended(run))
    """
        )
    )
    assert told["record"]
    assert (told["outcome"], told["left"]) == ("failed", 0)
    assert told["code"] in (1, 120)  # its own OSError; in a flush at exit 120
    assert told["log"] > 500_000
    assert told["shown"] == ["failed"]
    assert told["notice"] == "" or "disk" in told["notice"]


def test_the_end_of_a_run_is_recorded_on_a_disk_without_a_free_byte(
    small_disk: Callable[..., str],
) -> None:
    told = json.loads(
        small_disk(
            SETUP
            + """
    run = launch(BALLAST + "raise SystemExit(3)")
    tell(run, ended(run))
    """
        )
    )
    assert told["record"]
    assert (told["outcome"], told["code"], told["left"]) == ("failed", 3, 0)
    assert told["shown"] == ["failed"]
    assert told["notice"] == "" or "disk" in told["notice"]


def test_a_run_on_a_full_disk_can_be_stopped(small_disk: Callable[..., str]) -> None:
    told = json.loads(
        small_disk(
            SETUP
            + """
    run = launch(BALLAST + "import time\\nopen('full', 'w').close()\\ntime.sleep(600)")
    until((project / "full").exists)
    service.stop(run.run_id)
    tell(run, ended(run))
    """
        )
    )
    assert told["record"]
    assert (told["outcome"], told["left"]) == ("stopped", 0)
    assert told["shown"] == ["stopped"]


def test_a_registry_on_a_read_only_disk_is_replaced_by_one_in_memory(
    small_disk: Callable[..., str],
) -> None:
    told = json.loads(
        small_disk(
            SETUP.replace(
                "service = open_service(project)",
                """
    import subprocess
    home = disk.parent / "home"
    home.mkdir(mode=0o700)
    os.environ["OPSDASH_HOME"] = str(home)
    with (project / "opsdash.toml").open("a") as settings:
        settings.write(f'runs_db = "{disk}/runs.db"\\n')
    open_service(project).close()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    service = open_service(project)
""".strip(),
            )
            + """
    run = launch("raise SystemExit(3)")
    tell(run, ended(run))
    """
        )
    )
    assert (told["outcome"], told["code"]) == ("failed", 3)
    assert told["shown"] == ["failed"]
    assert "kept in memory" in told["notice"]
