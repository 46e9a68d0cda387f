"""Several sessions on one home: each sees what the others launch, within seconds."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from opsdash_widgets.core.model import LaunchRequest, RunState
from tests.core.desk import Desk, until

SEEN_S = 5.0
"""How long another session may take to see a run: it looks every half second."""

WATCHES = """
    import asyncio, sys
    from pathlib import Path
    from opsdash_widgets.core.model import Actor
    from opsdash_widgets.core.service import open_service
    service = open_service(Path(sys.argv[1]), Actor(name="another session"))
    print("there", flush=True)
    async def watch():
        seen = {}
        async for _ in service.watch():
            for run in service.runs().runs:
                if seen.get(run.run_id) != run.word:
                    seen[run.run_id] = run.word
                    print(run.run_id, run.word, flush=True)
    asyncio.run(watch())
"""

LAUNCHES = """
    import sys
    from pathlib import Path
    from opsdash_widgets.core.model import Actor, LaunchRequest
    from opsdash_widgets.core.service import open_service
    service = open_service(Path(sys.argv[1]), Actor(name="another session"))
    print(service.launch(LaunchRequest(module="jobs.long")).run_id, flush=True)
    sys.stdin.read()
"""

WAITS = "import time\nprint('ready', flush=True)\ntime.sleep(600)\n"


def test_a_run_is_seen_by_another_session_from_its_start_to_its_end(
    desk: Desk, sessions: Any
) -> None:
    other, said = sessions.start(WATCHES, str(desk.project))
    assert said == "there"
    service = desk.service()
    run, _ = desk.running(service, WAITS)
    words = words_until(other, run.run_id, "running")
    assert set(words) <= {"starting", "running"}
    service.stop(run.run_id, kill_now=True)
    assert words_until(other, run.run_id, "stopped")[-1] == "stopped"
    desk.ended(service, run)


def words_until(other: Any, run_id: str, word: str) -> list[str]:
    """What another session says of a run until it says a word."""
    words: list[str] = []
    while word not in words:
        seen, _, said = other.stdout.readline().strip().partition(" ")
        assert seen, "the other session has ended"
        if seen == run_id:
            words.append(said)
    return words


def test_each_of_two_sessions_sees_stops_and_pauses_the_others_runs(
    desk: Desk, sessions: Any
) -> None:
    desk.module("long", WAITS)
    _, first = sessions.start(LAUNCHES, str(desk.project))
    service = desk.service()
    begun = time.monotonic()
    until(lambda: service.sync() and service.runs().total == 1, "it is seen")
    assert time.monotonic() - begun < SEEN_S
    until(lambda: service.run(first).verdict.state is RunState.RUNNING, "it runs")
    service.pause(first)
    until(lambda: service.run(first).verdict.state is RunState.PAUSED, "it is paused")
    another = desk.service()
    another.resume(first)
    until(lambda: service.run(first).verdict.state is RunState.RUNNING, "it goes on")
    another.stop(first, kill_now=True)
    until(lambda: service.run(first).is_terminal, "it has ended")
    assert service.run(first) == another.run(first)


def test_a_session_that_dies_takes_nothing_from_the_others(
    desk: Desk, sessions: Any
) -> None:
    desk.module("long", WAITS)
    dying, first = sessions.start(LAUNCHES, str(desk.project))
    service = desk.service()
    until(lambda: service.run(first).verdict.state is RunState.RUNNING, "it runs")
    sessions.kill(dying)
    assert service.run(first).verdict.state is RunState.RUNNING
    mine = service.launch(LaunchRequest(module="jobs.long"))
    asked = service.stop_all(mine=False, kill_now=True)
    assert {run.run_id for run in asked} == {first, mine.run_id}
    until(lambda: all(service.run(r.run_id).is_terminal for r in asked), "both ended")
    assert (Path(mine.run_dir) / "exit.json").exists()
