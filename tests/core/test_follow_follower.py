"""Following many logs with one poller."""

from __future__ import annotations

import asyncio
from pathlib import Path

from opsdash_widgets.core.follow import Follower, LogFile, follow_lines


def append(run: Path, text: str) -> None:
    run.mkdir(exist_ok=True)
    with (run / "output.log").open("a") as file:
        file.write(text)


def test_lines_come_in_batches_as_they_are_completed(tmp_path: Path) -> None:
    async def follow() -> list[str]:
        stop, seen = asyncio.Event(), list[str]()
        append(tmp_path / "run", "one\ntw")
        with LogFile(tmp_path / "run") as log:
            async for batch in follow_lines(log, poll_s=0.01, stop=stop):
                seen += [line.text for line in batch]
                if seen == ["one"]:
                    append(tmp_path / "run", "o\nlast")
                    stop.set()
        return seen

    assert asyncio.run(follow()) == ["one", "two", "last"]


def test_following_starts_before_the_file_is_there(tmp_path: Path) -> None:
    async def follow() -> str:
        with LogFile(tmp_path / "run") as log:
            lines = follow_lines(log, poll_s=0.01)
            first = asyncio.ensure_future(anext(lines))
            await asyncio.sleep(0)
            append(tmp_path / "run", "hello\n")
            batch = await asyncio.wait_for(first, 20)
            await lines.aclose()  # type: ignore[attr-defined]
            return batch[0].text

    assert asyncio.run(follow()) == "hello"


def test_after_a_replacement_the_new_file_is_followed(tmp_path: Path) -> None:
    async def follow() -> list[str]:
        stop, seen = asyncio.Event(), list[str]()
        append(tmp_path, "old\n")
        with LogFile(tmp_path) as log:
            async for batch in follow_lines(log, poll_s=0.01, stop=stop):
                seen += [line.text for line in batch]
                if seen == ["old"]:
                    (tmp_path / "output.log").unlink()
                    append(tmp_path, "new\n")
                else:
                    stop.set()
        return seen

    assert asyncio.run(follow()) == ["old", "new"]


def test_one_poller_serves_many_logs(tmp_path: Path) -> None:
    async def follow() -> set[int]:
        follower, changed = Follower(visible_s=0.01, hidden_s=0.02), set[int]()
        logs = [LogFile(tmp_path / str(number)) for number in range(40)]
        everything = asyncio.Event()

        def note(log: LogFile) -> None:
            changed.add(int(log.run_dir.name))
            if len(changed) == len(logs):
                everything.set()

        for number, log in enumerate(logs):
            follower.add(log, note).visible = number % 2 == 0
        task = asyncio.ensure_future(follower.run())
        await asyncio.sleep(0)
        for number in range(40):
            append(tmp_path / str(number), "x" * 200_000 + "\n")
        await asyncio.wait_for(everything.wait(), 20)
        task.cancel()
        for log in logs:
            assert log.line_count <= 1
            log.close()
        return changed

    assert asyncio.run(follow()) == set(range(40))


def test_a_closed_subscription_is_silent(tmp_path: Path) -> None:
    async def follow() -> list[str]:
        follower, seen = Follower(visible_s=0.01), list[str]()
        first, second = LogFile(tmp_path / "a"), LogFile(tmp_path / "b")
        gone = follower.add(first, lambda log: seen.append("a"))
        arrived = asyncio.Event()
        follower.add(second, lambda log: (seen.append("b"), arrived.set())[0])
        gone.close()
        append(tmp_path / "a", "x\n")
        append(tmp_path / "b", "x\n")
        task = asyncio.ensure_future(follower.run())
        await asyncio.wait_for(arrived.wait(), 20)
        task.cancel()
        first.close()
        second.close()
        return seen

    assert asyncio.run(follow()) == ["b"]
