"""Jobs that do what jobs should not: to their streams, descriptors, limits, process."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from opsdash_widgets.core.follow import LogFile
from opsdash_widgets.core.model import Outcome, RunState
from opsdash_widgets.core.rundir import read_verdict, request_stop

RECORD = 24


def streams(run_dir: Path) -> list[str]:
    """The stream of each line of the output."""
    log = LogFile(run_dir)
    log.refresh()
    found = [line.stream for line in log.lines(0, log.line_count)]
    log.close()
    return found


def test_a_job_that_closes_all_it_finds_gets_no_records_into_its_own_files(
    bench: Any,
) -> None:
    module = bench.module(
        "closes",
        """
        import os, sys, time
        print("before")
        os.closerange(3, 1024)
        mine = [os.open(f"mine{n}", os.O_RDWR | os.O_CREAT) for n in range(3, 300)]
        for n in range(20):
            print("out"); print("err", file=sys.stderr)
            time.sleep(0.002)
        """,
    )
    verdict, output = bench.run(module)
    assert verdict.outcome is Outcome.SUCCEEDED
    assert output == "before\n" + "out\nerr\n" * 20
    assert all(path.stat().st_size == 0 for path in bench.modules.glob("mine*"))


@pytest.mark.parametrize("limit", [12, 100, 241])
def test_few_open_files_are_enough(bench: Any, limit: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    module = bench.module("few", "import sys\nprint('x')\nprint('y', file=sys.stderr)")
    # Here and not in the job: its supervisor has the limit too.
    source = (
        "import os, resource, sys\n"
        f"resource.setrlimit(resource.RLIMIT_NOFILE, ({limit}, {hard}))\n"
        "os.execv(sys.argv[1], sys.argv[1:])\n"
    )
    starter = bench.modules / "limited"
    starter.write_text(f"#!{sys.executable}\n{source}")
    starter.chmod(0o700)
    wrapper = bench.modules / "python"
    wrapper.write_text(f'#!/bin/sh\nexec {starter} {sys.executable} "$@"\n')
    wrapper.chmod(0o700)
    run_dir = bench.launch(module, interpreter=str(wrapper))
    assert bench.ended(run_dir).outcome is Outcome.SUCCEEDED
    assert sorted(
        zip(bench.output(run_dir).split(), streams(run_dir), strict=True)
    ) == [
        ("x", "out"),
        ("y", "err"),
    ]
    assert soft == resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def test_a_supervisor_with_few_open_files_starts_its_job(bench: Any) -> None:
    module = bench.module("few", "print('x')")
    few = ["sh", "-c", 'ulimit -n 30; exec "$@"', "sh"]
    run_dir = bench.supervise(module, through=few)
    assert bench.ended(run_dir).outcome is Outcome.SUCCEEDED
    assert bench.output(run_dir) == "x\n"


def test_a_truncated_output_is_attributed_anew(bench: Any) -> None:
    module = bench.module(
        "truncates",
        """
        import sys
        for n in range(100):
            print("o" * 9); print("e" * 9, file=sys.stderr)
        open("/dev/stdout", "w").close()
        for n in range(100):
            print("p" * 19)
        print("f" * 19, file=sys.stderr)
        """,
    )
    run_dir = bench.launch(module)
    assert bench.ended(run_dir).outcome is Outcome.SUCCEEDED
    output = bench.output(run_dir).splitlines()
    assert output == ["p" * 19] * 100 + ["f" * 19]
    wrong = [
        (text, stream)
        for text, stream in zip(output, streams(run_dir), strict=True)
        if stream not in ("out" if text[0] == "p" else "err", "mixed")
    ]
    assert wrong == []


ENDINGS = {
    "closes both streams": ("import os\nos.close(1); os.close(2)", 0, None, b""),
    "closes them politely": (
        "import sys\nprint('x'); sys.stdout.close(); sys.stderr.close()",
        0,
        None,
        b"x\n",
    ),
    "swaps them": (
        "import os, sys\nos.dup2(2, 1); print('x'); print('y', file=sys.stderr)",
        0,
        None,
        b"x\ny\n",
    ),
    "fills stderr only": (
        "import sys\nsys.stderr.write('e' * 3_000_000)",
        0,
        None,
        b"e" * 3_000_000,
    ),
    "prints bytes": (
        "import sys\nsys.stdout.buffer.write(bytes(range(256)) * 99)",
        0,
        None,
        bytes(range(256)) * 99,
    ),
    "prints one long line": (
        "import sys\nfor n in range(40): sys.stdout.write('x' * 1_000_000)",
        0,
        None,
        b"x" * 40_000_000,
    ),
    "becomes another program": (
        "import os\nos.execvp('sh', ['sh', '-c', 'echo $$ >pid; echo sh; exit 5'])",
        5,
        None,
        b"sh\n",
    ),
    "ends at once": ("import os\nos.write(1, b'x'); os._exit(4)", 4, None, b"x"),
    "forks and ends": (
        "import os, time\nif os.fork():\n    os._exit(6)\ntime.sleep(600)",
        6,
        None,
        b"",
    ),
    "moves away": (
        "import os\nos.chdir('/'); os.umask(0o777); print('x'); os.fork(); os._exit(0)",
        0,
        None,
        b"x\n",
    ),
    "recurses": ("def f(): f()\nf()", 1, None, None),
    "is killed by a real-time signal": (
        "import os, signal\nos.kill(os.getpid(), signal.SIGRTMIN)",
        None,
        int(signal.SIGRTMIN),
        b"",
    ),
    "is interrupted": (
        "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT); time.sleep(600)",
        None,
        int(signal.SIGINT),
        None,
    ),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_whatever_a_job_does_its_output_is_whole_and_its_end_is_known(
    bench: Any, name: str
) -> None:
    source, code, number, output = ENDINGS[name]
    run_dir = bench.launch(bench.module("odd", source))
    verdict = bench.ended(run_dir)
    assert (verdict.exit_code, verdict.signal) == (code, number)
    if output is not None:
        assert (run_dir / "output.log").read_bytes() == output
    assert (run_dir / "supervisor.log").read_bytes() == b""


def test_a_crash_says_where(bench: Any) -> None:
    source = "import ctypes\ndef crash():\n    ctypes.string_at(0)\ncrash()\n"
    run_dir = bench.launch(bench.module("crashes", source))
    assert bench.ended(run_dir).signal == signal.SIGSEGV
    assert "in crash" in bench.output(run_dir)
    assert set(streams(run_dir)) <= {"err", "mixed"}


@pytest.mark.parametrize("safe", ["", "1"])
def test_a_safe_path_is_respected(
    bench: Any, safe: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONSAFEPATH", safe)
    monkeypatch.setenv("PYTHONPATH", str(bench.modules))
    source = "import sys\nprint([p for p in sys.path if p][:2])\n"
    module = bench.module("paths", source)
    _, through_us = bench.run(module)
    plain = subprocess.run(
        [sys.executable, "-m", module],
        cwd=bench.modules,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert through_us == plain


@pytest.mark.parametrize("ending", ["raise KeyboardInterrupt", "1/0", "int('x')"])
def test_an_uncaught_exception_ends_as_under_dash_m(bench: Any, ending: str) -> None:
    """Also one that the module's own hook reports."""
    source = (
        "import sys, traceback\n"
        "def hook(kind, error, tb):\n"
        "    print('mine', kind.__name__, len(traceback.extract_tb(tb)))\n"
        "sys.excepthook = hook\n"
        f"def inner():\n    {ending}\ninner()\n"
    )
    module = bench.module("raises", source)
    verdict, output = bench.run(module)
    plain = subprocess.run(
        [sys.executable, "-m", module],
        cwd=bench.modules,
        capture_output=True,
        text=True,
        check=False,
    )
    assert output == plain.stdout
    code = verdict.exit_code if verdict.signal is None else -verdict.signal
    assert code == plain.returncode


def test_records_stay_whole_when_the_disk_takes_only_a_part_of_one(bench: Any) -> None:
    """A limit on the size of files stands for the full disk."""
    module = bench.module(
        "fills",
        """
        import os, resource, signal, sys
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        index = os.path.join(os.environ["OPSDASH_RUN_DIR"], "output.idx")
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
        for n in range(30):
            print("o"); print("e", file=sys.stderr)
        size = os.path.getsize(index)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10**9, resource.RLIM_INFINITY))
        for n in range(30):
            print("o"); print("e", file=sys.stderr)
        """,
    )
    run_dir = bench.launch(module)
    assert bench.ended(run_dir).outcome is Outcome.SUCCEEDED
    assert (run_dir / "output.idx").stat().st_size % RECORD == 0
    lines = bench.output(run_dir).split()
    wrong = [
        (text, stream)
        for text, stream in zip(lines, streams(run_dir), strict=True)
        if stream not in ({"o": "out", "e": "err"}[text], "mixed")
    ]
    assert wrong == []


def test_the_exit_record_and_a_stop_survive_a_disk_that_takes_nothing(
    bench: Any,
) -> None:
    """The supervisor itself may write to no file beyond its reserved slot."""
    source = (
        "import os, resource, signal, sys\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))\n"
        "os.execv(sys.argv[1], sys.argv[1:])\n"
    )
    module = bench.module(
        "fills",
        """
        import sys, time
        print("ready")
        try:
            while True:
                print("x" * 100, file=sys.stderr)
        except OSError:
            time.sleep(600)
        """,
    )
    run_dir = bench.supervise(module, through=[sys.executable, "-c", source])
    output = run_dir / "output.log"
    bench.until(
        lambda: output.exists() and output.stat().st_size == 4096, "its disk is full"
    )
    (run_dir / "control.json").mkdir()  # the request cannot be written
    (run_dir / "control.json" / "full").touch()
    assert read_verdict(run_dir).state is RunState.RUNNING
    request_stop(run_dir, by="ada", kill=False, ask_s=0, grace_s=30)
    assert bench.ended(run_dir).outcome is Outcome.STOPPED
