"""What runs in the job before its module: it looks like ``python -m``, and notes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

UNKNOWN, STDOUT, STDERR = range(3)


def spans(run_dir: Path) -> list[tuple[int, int]]:
    """The records of output.idx as (offset, stream), as a reader orders them."""
    data = (run_dir / "output.idx").read_bytes()
    records = [
        (
            int.from_bytes(data[at : at + 8], "little"),
            int.from_bytes(data[at + 16 : at + 24], "little"),
        )
        for at in range(0, len(data), 24)
    ]
    return sorted(records)


def stream_at(run_dir: Path, offset: int) -> int:
    """The stream of one byte of the output."""
    best = UNKNOWN
    for start, stream in spans(run_dir):
        if start > offset:
            break
        best = stream
    return best


MIRROR = """
    import json, multiprocessing, sys
    print(json.dumps({
        "argv": sys.argv[1:], "name": __name__, "spec": __spec__.name,
        "path0": sys.path[0], "file": __file__, "orig": sys.orig_argv[1:],
        "globals": sorted(name for name in globals() if not name.startswith("__")),
        "encoding": sys.stdout.encoding, "errors": sys.stderr.errors,
        "stdout": [sys.stdout.fileno(), sys.stdout.isatty(), sys.stdout.name],
        "doc": __doc__, "package": __package__,
    }))
"""


def test_a_module_sees_what_python_dash_m_shows_it(bench: Any) -> None:
    module = bench.module("mirror", MIRROR)
    arguments = ["--x=1", "", "a b", "ü\n", "--", "-5"]
    _, through_us = bench.run(module, *arguments)
    plain = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=bench.modules,
        env={"PYTHONUTF8": "1", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert through_us == plain


def test_a_package_runs_its_main(bench: Any) -> None:
    package = bench.modules / "pack"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "helper.py").write_text("WORD = 'helped'")
    (package / "__main__.py").write_text("from .helper import WORD\nprint(WORD)\n")
    _, output = bench.run("pack")
    assert output == "helped\n"


def test_a_traceback_shows_the_module_and_none_of_our_frames(bench: Any) -> None:
    module = bench.module("fails", "def load():\n    {}['EURUSD']\nload()\n")
    _, output = bench.run(module)
    assert output.startswith("Traceback (most recent call last):\n")
    assert output.rstrip().endswith("KeyError: 'EURUSD'")
    assert "in_child" not in output
    assert "bootstrap" not in output


def test_output_keeps_its_order_and_every_line_its_stream(bench: Any) -> None:
    module = bench.module(
        "alternates",
        """
        import sys
        for n in range(5000):
            print(f"{n:05d}o", file=sys.stdout)
            print(f"{n:05d}e", file=sys.stderr)
        """,
    )
    run_dir = bench.launch(module)
    bench.ended(run_dir)
    lines = bench.output(run_dir).splitlines()
    assert lines == [f"{n:05d}{s}" for n in range(5000) for s in "oe"]
    table = [UNKNOWN] * (len(lines) * 7 + 1)
    records = spans(run_dir)
    for (start, stream), (end, _) in zip(
        records, [*records[1:], (len(table), 0)], strict=True
    ):
        table[start:end] = [stream] * (end - start)
    wrong = [
        line
        for n, line in enumerate(lines)
        if table[n * 7] != (STDOUT if line.endswith("o") else STDERR)
    ]
    assert wrong == []


def test_threads_and_forks_never_take_each_others_bytes(bench: Any) -> None:
    module = bench.module(
        "crowd",
        """
        import os, sys, threading
        def write(stream, mark):
            for n in range(2000):
                print(mark * 20, file=stream)
        children = []
        for mark, stream in (("a", sys.stdout), ("b", sys.stderr)):
            pid = os.fork()
            if pid == 0:
                write(stream, mark)
                os._exit(0)
            children.append(pid)
        threads = [threading.Thread(target=write, args=(s, m))
                   for m, s in (("c", sys.stdout), ("d", sys.stderr))]
        for t in threads: t.start()
        for t in threads: t.join()
        for pid in children: os.waitpid(pid, 0)
        """,
    )
    run_dir = bench.launch(module)
    assert bench.ended(run_dir).exit_code == 0
    text = bench.output(run_dir)
    assert sorted(set(text.split())) == ["a" * 20, "b" * 20, "c" * 20, "d" * 20]
    assert text.count("\n") == 8000
    table = bytearray(len(text))
    records = spans(run_dir)
    for (start, stream), (end, _) in zip(
        records, [*records[1:], (len(text), 0)], strict=True
    ):
        table[start:end] = bytes([stream]) * (end - start)
    expected = {"a": STDOUT, "b": STDERR, "c": STDOUT, "d": STDERR}
    taken = [
        n
        for n, mark in enumerate(text)
        if mark in expected and table[n] not in (expected[mark], UNKNOWN)
    ]
    assert taken == []


def test_what_another_program_wrote_is_left_unknown(bench: Any) -> None:
    module = bench.module(
        "calls",
        """
        import subprocess
        print("before")
        subprocess.run(["sh", "-c", "echo foreign; echo foreign >&2"])
        print("after")
        """,
    )
    run_dir = bench.launch(module)
    bench.ended(run_dir)
    text = bench.output(run_dir)
    assert stream_at(run_dir, text.index("before")) == STDOUT
    assert stream_at(run_dir, text.index("foreign")) == UNKNOWN
    assert stream_at(run_dir, text.index("after")) == STDOUT


def test_a_job_that_redirects_its_output_for_a_while_is_noted_rightly(
    bench: Any,
) -> None:
    module = bench.module(
        "redirects",
        """
        import os, sys, tempfile
        print("before")
        saved = os.dup(1)
        with tempfile.TemporaryFile() as other:
            os.dup2(other.fileno(), 1)
            print("hidden" * 100)
            os.dup2(saved, 1)
        print("after")
        """,
    )
    run_dir = bench.launch(module)
    bench.ended(run_dir)
    assert bench.output(run_dir) == "before\nafter\n"
    assert all(offset <= len("before\nafter\n") for offset, _ in spans(run_dir))
    assert stream_at(run_dir, len("before\n")) == STDOUT


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing_works_and_terminates_its_children_as_ever(
    bench: Any, method: str
) -> None:
    module = bench.module(
        "pools",
        f"""
        import multiprocessing, time
        def square(n):
            return n * n
        if __name__ == "__main__":
            context = multiprocessing.get_context("{method}")
            with context.Pool(2) as pool:
                print(pool.map(square, range(4)))
            child = context.Process(target=time.sleep, args=(600,))
            child.start()
            child.terminate()
            child.join()
            print(child.exitcode)
        """,
    )
    verdict, output = bench.run(module)
    assert output == "[0, 1, 4, 9]\n-15\n"
    assert verdict.exit_code == 0
