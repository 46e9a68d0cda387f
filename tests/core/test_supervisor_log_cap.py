"""A log that grows too long loses its middle, and says what it has lost."""

from __future__ import annotations

import os
import struct
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from opsdash_widgets.core.model import Outcome
from opsdash_widgets.core.supervisor import log_cap
from opsdash_widgets.core.supervisor.log_cap import LogCap

MIB = 1 << 20
RECORD = struct.Struct("<QQQ")


def holes(run_dir: Path) -> list[tuple[int, ...]]:
    return list(RECORD.iter_unpack((run_dir / "output.holes").read_bytes()))


def test_head_and_tail_stay_and_every_line_is_accounted_for(bench: Any) -> None:
    count = 80_000
    source = f"for n in range({count}): print(f'line {{n:08}}', 'x' * 50)\n"
    run_dir = bench.supervise(bench.module("prints", source), limits={"log_mib": 0.5})
    assert bench.ended(run_dir).outcome is Outcome.SUCCEEDED
    data = (run_dir / "output.log").read_bytes()
    found = holes(run_dir)
    start, end, gone = found[0][0], found[-1][1], sum(lines for _, _, lines in found)
    assert all(a[1] == b[0] for a, b in pairwise(found))
    head, middle, tail = data[:start], data[start:end], data[end:]
    assert not middle.strip(b"\0")
    kept = [*head.splitlines(), *tail.splitlines()]
    assert len(kept) + gone == count
    first = len(head.splitlines())
    numbers = [*range(first), *range(first + gone, count)]
    assert [line.split()[1] for line in kept] == [b"%08d" % n for n in numbers]
    stat = (run_dir / "output.log").stat()
    assert stat.st_blocks * 512 < 0.75 * MIB < 4 * MIB < stat.st_size


@pytest.fixture
def capped(tmp_path: Path) -> Any:
    """A log of which a megabyte is kept, and its cap."""
    dir_fd = os.open(tmp_path, os.O_RDONLY)
    fd = os.open(tmp_path / "output.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    yield tmp_path, fd, LogCap(dir_fd, fd, MIB)
    os.close(fd)
    os.close(dir_fd)


def write(fd: int, mib: float) -> None:
    line = b"x" * 99 + b"\n"
    os.write(fd, line * int(mib * MIB / len(line)))


def test_a_short_log_is_left_alone(capped: Any) -> None:
    folder, fd, cap = capped
    write(fd, 1)
    cap.trim(os.fstat(fd).st_size)
    assert not (folder / "output.holes").exists()


def test_another_supervisor_goes_on_with_the_hole(capped: Any) -> None:
    folder, fd, cap = capped
    write(fd, 3)
    cap.trim(os.fstat(fd).st_size)
    write(fd, 3)
    dir_fd = os.open(folder, os.O_RDONLY)
    LogCap(dir_fd, fd, MIB).trim(os.fstat(fd).st_size)
    os.close(dir_fd)
    (first, second) = holes(folder)
    assert first[1] == second[0]


def test_a_log_that_its_job_has_truncated_has_no_hole(capped: Any) -> None:
    folder, fd, cap = capped
    write(fd, 3)
    cap.trim(os.fstat(fd).st_size)
    os.ftruncate(fd, 0)
    cap.trim(0)
    assert holes(folder) == []
    write(fd, 3)
    cap.trim(os.fstat(fd).st_size)
    assert holes(folder)[0][0] < MIB


def test_one_line_without_an_end_is_cut_all_the_same(capped: Any) -> None:
    folder, fd, cap = capped
    os.write(fd, b"x" * 3 * MIB)
    cap.trim(os.fstat(fd).st_size)
    ((start, end, lines),) = holes(folder)
    assert (start, lines) == (MIB // 4, 0)
    assert end - start > MIB


def test_a_file_system_without_holes_keeps_the_whole_log_and_says_so_once(
    capped: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    folder, fd, cap = capped

    def refuses_in_place_of_the_kernel(*_: int) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(log_cap, "_punch", refuses_in_place_of_the_kernel)
    for _ in range(2):
        write(fd, 3)
        cap.trim(os.fstat(fd).st_size)
    assert holes(folder) == []
    assert capfd.readouterr().err.count("cannot be shortened") == 1
    assert b"\0" not in (folder / "output.log").read_bytes()


def test_a_log_that_was_replaced_is_not_cut(capped: Any) -> None:
    folder, fd, cap = capped
    write(fd, 3)
    (folder / "output.log").rename(folder / "elsewhere")
    (folder / "output.log").write_bytes(b"y" * 3 * MIB)
    cap.trim(os.fstat(fd).st_size)
    assert b"\0" not in (folder / "output.log").read_bytes()
    assert b"\0" not in (folder / "elsewhere").read_bytes()


def test_a_full_disk_neither_ends_the_supervisor_nor_the_cap(
    capped: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, fd, cap = capped
    said = os.dup(2)
    with Path("/dev/full").open("wb") as full:  # as ``supervisor.log`` is then
        os.dup2(full.fileno(), 2)
    monkeypatch.setattr("opsdash_widgets.core.supervisor.records.append_record", _full)
    try:
        for _ in range(3):
            os.write(fd, b"x" * MIB)
            cap.trim(os.fstat(fd).st_size)
    finally:
        os.dup2(said, 2)
        os.close(said)
    monkeypatch.undo()
    assert holes(folder) == []
    os.write(fd, b"x" * MIB)
    cap.trim(os.fstat(fd).st_size)
    assert holes(folder)


def _full(*_: int) -> bool:
    return False


def test_a_log_that_was_made_a_terabyte_long_holds_nobody_up(capped: Any) -> None:
    folder, _, cap = capped
    os.truncate(folder / "output.log", 1 << 40)
    for _ in range(3):
        cap.trim(1 << 40)
    assert [lines for _, _, lines in holes(folder)] == [0, 0, 0]
    assert holes(folder)[-1][1] <= MIB + 3 * (log_cap.MOST_AT_ONCE + MIB)
