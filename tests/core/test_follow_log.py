"""A log's pages: right at every size, whatever happens to the file."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsdash_widgets.core.follow import LogFile
from opsdash_widgets.core.follow.index import CHUNK, LineIndex
from opsdash_widgets.core.redaction import MASK, Redactor

KEY = "-----BEGIN RSA PRIVATE KEY-----\n{body}-----END RSA PRIVATE KEY-----\n"


@pytest.fixture
def output(tmp_path: Path) -> Path:
    (tmp_path / "run").mkdir()
    return tmp_path / "run" / "output.log"


def opened(output: Path, *secrets: str) -> LogFile:
    log = LogFile(output.parent, Redactor(secrets))
    log.refresh()
    return log


def texts(log: LogFile) -> list[str]:
    return [line.text for line in log.lines(0, log.line_count)]


def test_a_log_that_is_not_there_yet_is_empty_and_appears(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "later")
    assert not log.refresh()
    assert (log.line_count, log.size, log.tail(5), log.search("x")) == (0, 0, [], [])
    assert list(log.export()) == []
    (tmp_path / "later").mkdir()
    (tmp_path / "later" / "output.log").write_bytes(b"one\ntwo")
    assert log.refresh()
    assert texts(log) == ["one", "two"]
    assert not log.refresh()


def test_it_grows_line_by_line_and_a_last_line_without_newline_counts(
    output: Path,
) -> None:
    output.write_bytes(b"")
    log = opened(output)
    for piece, count in ((b"a", 1), (b"b\n", 1), (b"\n", 2), (b"c\nd", 4)):
        with output.open("ab") as file:
            file.write(piece)
        assert log.refresh()
        assert log.line_count == count
    assert texts(log) == ["ab", "", "c", "d"]
    assert [line.number for line in log.tail(2)] == [2, 3]


@settings(deadline=None)
@given(
    st.lists(st.one_of(st.integers(0, 9), st.integers(60, 300)), max_size=30),
    st.integers(1, 200),
)
def test_every_line_is_found_wherever_the_chunks_end(
    lengths: list[int], step: int
) -> None:
    data = b"\n".join(b"%d" % at + b"x" * n for at, n in enumerate(lengths))
    fd = os.memfd_create("log")
    try:
        os.write(fd, data)
        index = LineIndex(chunk=64)
        while index.size < len(data):
            index.extend(fd, len(data), step)
        starts = [0] + [at + 1 for at, byte in enumerate(data) if byte == 10]
        starts = starts[: index.line_count]
        assert [index.start_of(fd, n) for n in range(index.line_count)] == starts
        for number, start in enumerate(starts):
            ends = [*[s - 1 for s in starts[1:]], len(data)]
            assert index.end_of(fd, start) == ends[number]
            assert index.line_of(fd, start) == number
    finally:
        os.close(fd)


def test_a_far_page_of_a_large_log_is_right(output: Path) -> None:
    output.write_bytes(b"".join(b"line %07d\n" % n for n in range(300_000)))
    log = opened(output)
    assert log.line_count == 300_000
    for start in (0, 1, 19_999, 123_456, 299_998):
        assert [line.text for line in log.lines(start, 2)] == [
            f"line {n:07d}" for n in (start, start + 1)
        ]
    assert log.lines(300_000, 5) == []


def test_a_long_line_is_cut_and_can_be_had_whole(output: Path) -> None:
    output.write_bytes(b"a\n" + b"x" * 300_000 + b"\nz\n")
    log = opened(output)
    cut = log.lines(1, 1)[0]
    assert cut.cut
    assert len(cut.text) == 8192
    whole = log.whole_line(1)
    assert (len(whole.text), whole.cut) == (300_000, False)
    assert log.lines(2, 1)[0].text == "z"
    with pytest.raises(IndexError):
        log.whole_line(3)


def test_a_line_of_half_a_gigabyte_costs_no_memory(output: Path) -> None:
    with output.open("wb") as file:
        file.write(b"first\nbegin")
        file.truncate(1 << 29)  # a hole, as a log cap leaves it
        file.seek(1 << 29)
        file.write(b"end\nlast\n")
    log = opened(output)
    assert log.line_count == 3
    shown = log.lines(0, 3)
    assert [shown[0].text, shown[2].text] == ["first", "last"]
    assert "MB left out" in shown[1].text
    assert shown[1].text.startswith("begin")
    assert shown[1].text.endswith("end")
    assert b"MB left out" in b"".join(log.export())


def test_progress_frames_of_a_long_line_show_the_last_one(output: Path) -> None:
    frames = b"".join(b"\rstep %06d of 100000" % n for n in range(100_000))
    output.write_bytes(frames + b"\ndone\n")
    assert texts(opened(output)) == ["step 099999 of 100000", "done"]


def test_bytes_that_are_no_text_are_replaced(output: Path) -> None:
    output.write_bytes(bytes(range(256)) * 40 + b"\nok\n")
    log = opened(output)
    assert texts(log)[-1] == "ok"
    assert "\ufffd" in "".join(texts(log))
    assert "\x00" not in "".join(texts(log))


def test_a_cut_log_says_so_and_shows_what_is_there(output: Path) -> None:
    output.write_bytes(b"old 1\nold 2\nold 3\n")
    log = opened(output)
    output.write_bytes(b"new\n")
    assert log.refresh()
    assert texts(log) == ["new"]
    assert "cut" in log.notice
    assert log.generation == 1


def test_a_rewritten_log_of_greater_length_is_noticed(output: Path) -> None:
    output.write_bytes(b"old 1\n")
    log = opened(output)
    output.write_bytes(b"new 1\nnew 2\n")
    assert log.refresh()
    assert texts(log) == ["new 1", "new 2"]
    assert "rewritten" in log.notice


def test_a_replaced_log_is_read_from_its_start(output: Path) -> None:
    output.write_bytes(b"old\n")
    log = opened(output)
    output.rename(output.with_suffix(".1"))
    output.write_bytes(b"new, longer than before\n")
    assert log.refresh()
    assert texts(log) == ["new, longer than before"]
    assert "replaced" in log.notice


def test_a_deleted_log_stays_readable_and_says_so(output: Path) -> None:
    output.write_bytes(b"old\n")
    log = opened(output)
    output.unlink()
    assert log.refresh()
    assert texts(log) == ["old"]
    assert "deleted" in log.notice


def test_a_link_is_refused(output: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    output.symlink_to(tmp_path / "secret")
    log = opened(output)
    assert log.line_count == 0
    assert "link" in log.notice


@pytest.mark.parametrize("linked", ["run", "runs"])
def test_a_linked_folder_is_refused(tmp_path: Path, linked: str) -> None:
    real = tmp_path / "elsewhere" / "run"
    real.mkdir(parents=True)
    (real / "output.log").write_text("secret")
    (tmp_path / "runs").mkdir()
    if linked == "run":
        (tmp_path / "runs" / "run").symlink_to(real)
    else:
        (tmp_path / "runs").rmdir()
        (tmp_path / "runs").symlink_to(real.parent)
    log = LogFile(tmp_path / "runs" / "run")
    log.refresh()
    assert log.line_count == 0
    assert "link" in log.notice


def test_a_fifo_is_refused_without_waiting(output: Path) -> None:
    os.mkfifo(output)
    log = LogFile(output.parent)
    thread = threading.Thread(target=log.refresh, daemon=True)
    thread.start()
    thread.join(20)
    assert not thread.is_alive()
    assert "regular file" in log.notice


def test_a_log_replaced_by_a_link_shows_nothing_of_it(
    output: Path, tmp_path: Path
) -> None:
    output.write_bytes(b"mine\n")
    log = opened(output)
    (tmp_path / "secret").write_text("secret and more than before")
    output.unlink()
    output.symlink_to(tmp_path / "secret")
    log.refresh()
    assert "secret" not in " ".join(texts(log))
    assert "link" in log.notice


def test_secrets_are_masked_on_every_page_and_in_the_export(output: Path) -> None:
    output.write_bytes(b"a\nuse s3cr3tvalue now\npassword=hunter2\n")
    log = opened(output, "s3cr3tvalue")
    expected = ["a", f"use {MASK} now", f"password={MASK}"]
    assert texts(log) == expected
    assert b"".join(log.export()).decode().splitlines() == expected


def test_a_secret_at_the_cut_does_not_leak_its_beginning(output: Path) -> None:
    output.write_bytes(b"x" * 8_185 + b"s3cr3tvalue" + b"y" * 100_000 + b"\n")
    assert "s3c" not in opened(output, "s3cr3tvalue").lines(0, 1)[0].text


def test_a_key_is_masked_from_whichever_line_a_page_begins(output: Path) -> None:
    body = ("MIIEpAIBAAKCAQEA" * 4 + "\n") * 25
    output.write_text("before\n" + KEY.format(body=body) + "after\n")
    log = opened(output)
    for start in range(log.line_count):
        for line in log.lines(start, 3):
            assert "MIIE" not in line.text
    assert [line.text for line in log.tail(2)] == [MASK, "after"]
    assert "MIIE" not in log.whole_line(9).text
    assert b"MIIE" not in b"".join(log.export())


def test_a_key_across_two_reads_of_the_index_is_known(output: Path) -> None:
    begin = b"-----BEGIN PRIVATE KEY-----\n"
    for shift in range(len(begin)):
        pad = b"p" * (CHUNK - shift - 1) + b"\n"
        output.write_bytes(pad + begin + b"MIIEabc\n-----END PRIVATE KEY-----\n")
        assert "MIIE" not in opened(output).lines(2, 1)[0].text


def test_a_closed_log_can_be_used_again(output: Path) -> None:
    output.write_bytes(b"one\n")
    log = opened(output)
    log.close()
    assert log.line_count == 0
    log.refresh()
    assert texts(log) == ["one"]


def test_descriptors_are_released(output: Path) -> None:
    output.write_bytes(b"one\n")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(50):
        with LogFile(output.parent) as log:
            log.refresh()
            log.search("one")
    assert len(list(Path("/proc/self/fd").iterdir())) <= before


def test_an_export_is_whole_though_the_log_is_not_taken_in_yet(output: Path) -> None:
    output.write_bytes(b"0123456789\n" * 1000)
    log = LogFile(output.parent)
    log.refresh(1100)
    assert b"".join(log.export()) == output.read_bytes()


def test_it_is_taken_in_by_steps_where_asked(output: Path) -> None:
    output.write_bytes(b"0123456789\n" * 1000)
    log = LogFile(output.parent)
    log.refresh(1100)
    assert (log.size, log.behind, log.line_count) == (1100, 9900, 100)
    log.refresh()
    assert log.line_count == 1000
