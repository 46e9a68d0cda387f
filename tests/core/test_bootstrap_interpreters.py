"""The bootstrap in every Python that this machine has (3.8 and newer)."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import Any

import pytest

from opsdash_widgets.core.follow import LogFile
from opsdash_widgets.core.model import Outcome
from opsdash_widgets.core.rundir import request_stop


def interpreters() -> list[str]:
    """Ours, and those of other versions that are on the path and run."""
    names = [f"python3.{minor}" for minor in range(8, 15)]
    found = {sys.version_info[1]: sys.executable}
    for name in names:
        path = shutil.which(name)
        if path is None or int(name.partition(".")[2]) in found:
            continue
        asked = subprocess.run(
            [path, "-c", "import sys; print(sys.version_info[1], sys.executable)"],
            capture_output=True,
            text=True,
            check=False,
        )
        if asked.returncode == 0:
            minor, _, real = asked.stdout.strip().partition(" ")
            found.setdefault(int(minor), real)
    return list(found.values())


@pytest.fixture(params=interpreters())
def python(request: pytest.FixtureRequest) -> str:
    """One interpreter."""
    return str(request.param)


def test_output_keeps_its_order_and_its_streams(bench: Any, python: str) -> None:
    module = bench.module(
        "alternates",
        """
        import sys
        for n in range(2000):
            print("o%05d" % n)
            print("e%05d" % n, file=sys.stderr)
        """,
    )
    run_dir = bench.launch(module, interpreter=python)
    assert bench.ended(run_dir).outcome is Outcome.SUCCEEDED
    log = LogFile(run_dir)
    log.refresh()
    lines = log.lines(0, log.line_count)
    log.close()
    assert [line.text for line in lines] == [
        f"{mark}{n:05d}" for n in range(2000) for mark in "oe"
    ]
    assert [line.stream for line in lines] == ["out", "err"] * 2000


def test_a_module_sees_what_dash_m_shows_it(bench: Any, python: str) -> None:
    module = bench.module(
        "mirror",
        """
        import sys
        print(sys.argv[1:], __name__, __spec__.name, sys.path[0])
        print(sorted(name for name in globals() if not name.startswith("__")))
        print(sys.stdout.encoding, sys.stderr.errors, sys.stdout.name)
        """,
    )
    run_dir = bench.launch(module, "--x=1", "", "ü", interpreter=python)
    bench.ended(run_dir)
    plain = subprocess.run(
        [python, "-m", module, "--x=1", "", "ü"],
        cwd=bench.modules,
        env={"PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert bench.output(run_dir) == plain.stdout


def test_a_stop_lets_finally_and_atexit_run(bench: Any, python: str) -> None:
    module = bench.module(
        "tidy",
        """
        import atexit, time
        atexit.register(lambda: print("atexit ran"))
        try:
            print("ready")
            time.sleep(600)
        finally:
            print("finally ran")
        """,
    )
    run_dir = bench.launch(module, interpreter=python)
    bench.until_printed(run_dir, "ready")
    request_stop(run_dir, by="ada", kill=False, ask_s=0, grace_s=30)
    assert bench.ended(run_dir).exit_code == 143
    assert bench.output(run_dir) == "ready\nfinally ran\natexit ran\n"


def test_a_secret_arrives_and_a_traceback_shows_none_of_our_frames(
    bench: Any, python: str
) -> None:
    module = bench.module(
        "fails",
        """
        import sys
        def load():
            assert sys.argv[1] == "--token=hunter2"
            {}["EURUSD"]
        load()
        """,
    )
    secrets = [(0, "--token=hunter2")]
    run_dir = bench.launch(module, "***", secrets=secrets, interpreter=python)
    assert bench.ended(run_dir).exit_code == 1
    output = re.sub(r"\x1b\[[\d;]*m", "", bench.output(run_dir))  # colours from 3.13 on
    assert output.startswith("Traceback (most recent call last):\n")
    assert output.rstrip().endswith("KeyError: 'EURUSD'")
    assert "in_child" not in output
    assert "bootstrap" not in output


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing_works(bench: Any, python: str, method: str) -> None:
    module = bench.module(
        "pools",
        f"""
        import multiprocessing, time
        def square(n):
            return n * n
        def wait(ready):
            ready.set()
            time.sleep(600)
        if __name__ == "__main__":
            context = multiprocessing.get_context("{method}")
            with context.Pool(2) as pool:
                print(pool.map(square, range(4)))
            ready = context.Event()
            child = context.Process(target=wait, args=(ready,))
            child.start()
            ready.wait()
            child.terminate()
            child.join()
            print(child.exitcode)
        """,
    )
    run_dir = bench.launch(module, interpreter=python)
    assert bench.ended(run_dir).outcome is Outcome.SUCCEEDED
    assert bench.output(run_dir) == "[0, 1, 4, 9]\n-15\n"
