"""Everything below the home is its owner's alone, whatever the umask is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

EVERYTHING = """
    import asyncio, json, os, stat, sys, time
    from pathlib import Path
    os.umask(int(sys.argv[2], 8))
    from opsdash_widgets.core.model import *
    from opsdash_widgets.core.service import open_service

    home = Path(os.environ["OPSDASH_HOME"])
    project = Path(sys.argv[1])
    wrong, seen = {}, set()

    def look():
        for path in (home, *home.rglob("*")):
            try:
                mode = path.lstat().st_mode
            except FileNotFoundError:
                continue
            if stat.S_ISLNK(mode):
                wrong[str(path)] = "a link"
            wanted = 0o700 if stat.S_ISDIR(mode) else 0o600
            if stat.S_IMODE(mode) != wanted:
                wrong[str(path.relative_to(home))] = oct(mode)
            seen.add(path.name)

    def ended(run):
        return asyncio.run(service.wait(run.run_id, poll_s=0.02))

    service = open_service(project, Actor(name="ada"))
    look()
    values = FormValues(values={"--number": "1", "--password": "secret"})
    form = LaunchRequest(module="jobs.job", values=values, limits={"log_mib": 1.0})
    ended(service.launch(form))
    look()
    orphaned = service.launch(LaunchRequest(module="jobs.waits"))
    while not service.run(orphaned.run_id).verdict.pid:
        time.sleep(0.01)
    service.pause(orphaned.run_id)
    while service.run(orphaned.run_id).word != "paused":
        time.sleep(0.01)
    look()
    service.resume(orphaned.run_id)
    service.stop(orphaned.run_id)
    ended(orphaned)
    base = LaunchRequest(module="jobs.job", values=FormValues())
    group = service.groups.launch(SweepRequest(base=base, fields={"number": "1..3"}))
    while service.groups.progress(group.group_id).state is not GroupState.FINISHED:
        service.sync()
        look()
    service.presets.save(Preset(name="mine", module="jobs.job", values=values))
    service.modules()
    with service.log(orphaned.run_id) as log:
        log.refresh()
        b"".join(log.export("all"))
    service.save_config(service.read_config())
    service.sync()
    look()
    service.close()
    look()
    print(json.dumps({"wrong": wrong, "seen": sorted(seen)}))
"""

JOB = """
    import argparse, sys
    parser = argparse.ArgumentParser()
    parser.add_argument("--number", type=int)
    parser.add_argument("--password")
    if __name__ == "__main__":
        args = parser.parse_args()
        for number in range(3):
            print("out")
            print("err", file=sys.stderr)
"""


@pytest.mark.parametrize("umask", ["022", "000"])
def test_every_file_and_folder_is_its_owners_alone(
    tmp_path: Path, home: Path, umask: str
) -> None:
    project = tmp_path / "project"
    (project / "jobs").mkdir(parents=True)
    (project / "jobs" / "__init__.py").touch()
    (project / "jobs" / "job.py").write_text(textwrap.dedent(JOB))
    (project / "jobs" / "waits.py").write_text("import time\ntime.sleep(600)\n")
    (project / "opsdash.toml").write_text('runners_package = "jobs"\n')
    fresh = tmp_path / "not" / "there" / "yet"
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(EVERYTHING), project, umask],
        env={**os.environ, "OPSDASH_HOME": str(fresh)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["wrong"] == {}
    expected = {
        "runs.db", "runs.db-wal", "runs.db-shm", "audit.jsonl", "spec.json", "lock",
        "output.log", "output.idx", "exit.json", "child.json", "control.json",
        "pauses.jsonl", "supervisor.log", "packages", "interpreters", "specs",
        "groups", "presets",
    }  # fmt: skip
    assert expected <= set(found["seen"])
