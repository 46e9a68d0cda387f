"""The background thread: it works while the caller blocks, and it ends."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError

import pytest
import traitlets

from opsdash_widgets.ui import live


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_work_goes_on_while_the_caller_blocks() -> None:
    done = threading.Event()

    async def work() -> str:
        await asyncio.sleep(0)
        done.set()
        return threading.current_thread().name

    future = live.run_in_background(work())
    assert done.wait(20)
    assert future.result(20) == "opsdash-live"


def test_there_is_one_loop_for_everything() -> None:
    assert live.background_loop() is live.background_loop()


def test_cancelling_the_future_cancels_the_work() -> None:
    cancelled, begun = threading.Event(), threading.Event()

    async def wait_for_ever() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    future = live.run_in_background(wait_for_ever())
    assert begun.wait(20)
    future.cancel()
    assert cancelled.wait(20)
    with pytest.raises(CancelledError):
        future.result(20)


def test_an_error_is_handed_to_whoever_asks() -> None:
    async def fail() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        live.run_in_background(fail()).result(20)


def test_many_changes_become_few_messages_and_the_last_value_arrives() -> None:
    sent: list[dict[str, object]] = []
    coalescer = live.Coalescer(sent.append)
    for value in range(5_000):
        coalescer.put(value=value)
    coalescer.put(other=True)
    until(lambda: any("other" in changes for changes in sent))
    merged = {key: value for changes in sent for key, value in changes.items()}
    assert merged == {"value": 4_999, "other": True}
    assert len(sent) < 500


def test_a_failing_receiver_does_not_stop_the_next_message() -> None:
    seen: list[int] = []

    def receive(changes: dict[str, int]) -> None:
        seen.append(changes["value"])
        raise RuntimeError("gone")

    coalescer = live.Coalescer(receive)
    coalescer.put(value=1)
    until(lambda: seen == [1])
    coalescer.put(value=2)
    until(lambda: seen == [1, 2])


def test_traits_are_written_together() -> None:
    class Widget(traitlets.HasTraits):
        left = traitlets.Int()
        right = traitlets.Int()
        hold_sync = traitlets.HasTraits.hold_trait_notifications

    widget = Widget()
    live.write_traits(widget).put(left=1, right=2)
    until(lambda: (widget.left, widget.right) == (1, 2))


def test_after_it_was_stopped_the_next_use_starts_a_new_one() -> None:
    before = live.background_loop()
    live.stop_background()
    assert before.is_closed()
    assert live.background_loop() is not before


def test_the_interpreter_ends_cleanly_with_work_under_way() -> None:
    script = (
        "import asyncio\n"
        "from opsdash_widgets.ui import live\n"
        "async def tick():\n"
        "    while True: await asyncio.sleep(0.01)\n"
        "live.run_in_background(tick())\n"
        "live.run_in_background(asyncio.sleep(0)).result(20)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
