"""The registry's answers: in a file, in memory, and of a plain list alike."""

from __future__ import annotations

import random
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from opsdash_widgets.core.errors import StoreError
from opsdash_widgets.core.model import Outcome, Run, RunQuery, RunState
from opsdash_widgets.core.ports import RunStore
from opsdash_widgets.core.stores import SqliteStore, open_store
from opsdash_widgets.core.stores.queries import SORTS
from opsdash_widgets.ui.controls.run_list import RunList

MakeRun = Callable[..., Run]


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RunStore]:
    made = SqliteStore(tmp_path / "runs.db" if request.param == "file" else None)
    yield made
    made.close()


def ids(store: RunStore | RunList, **query: Any) -> list[str]:
    return [run.run_id for run in store.page(RunQuery(**query)).runs]


def test_a_run_comes_back_as_it_was_put(store: RunStore, make_run: MakeRun) -> None:
    run = make_run(
        argv=("--start-date", "2025-01-31", "a b", "ü€"),
        values={"--paths": 3, "deep": {"list": [1, None]}},
        environment="UAT",
        outcome=Outcome.FAILED,
        reason="It ended with exit code 1.",
        exit_code=1,
        run_dir="/home/me/.dashboard/logs/runs/x",
        explanation="KeyError: 'EURUSD'",
    )
    store.put([run])
    assert store.get(run.run_id) == run
    assert store.get("another") is None


def test_putting_a_run_again_replaces_it(store: RunStore, make_run: MakeRun) -> None:
    run = make_run(state=RunState.RUNNING, requested_by="anna")
    store.put([run])
    done = msgspec.structs.replace(
        run,
        verdict=msgspec.structs.replace(
            run.verdict, state=RunState.FINISHED, outcome=Outcome.KILLED
        ),
        explanation="out of memory",
    )
    moved = msgspec.structs.replace(
        done, spec=msgspec.structs.replace(run.spec, module="qf.other")
    )
    store.put([done])
    assert ids(store, outcomes=(Outcome.KILLED,)) == [run.run_id]
    assert ids(store, text="memory") == [run.run_id]
    store.put([moved])
    assert store.page(RunQuery(modules=("qf.other",))).runs == (moved,)
    assert store.page(RunQuery()).total == 1
    assert ids(store, text="price_options") == []


def test_windows_lie_side_by_side_and_know_the_total(
    store: RunStore, make_run: MakeRun
) -> None:
    runs = [make_run() for _ in range(25)]
    store.put(runs)
    newest_first = [run.run_id for run in reversed(runs)]
    windows = [store.page(RunQuery(limit=10, offset=start)) for start in (0, 10, 20)]
    assert [run.run_id for window in windows for run in window.runs] == newest_first
    assert [window.total for window in windows] == [25, 25, 25]
    assert [window.offset for window in windows] == [0, 10, 20]
    beyond = store.page(RunQuery(offset=1000))
    assert (beyond.runs, beyond.total) == ((), 25)


@pytest.mark.parametrize("sort", sorted(SORTS))
@pytest.mark.parametrize("descending", [False, True])
def test_equal_runs_come_newest_first_in_every_order(
    store: RunStore, make_run: MakeRun, sort: str, *, descending: bool
) -> None:
    runs = mixed_runs(make_run, 120)
    store.put(runs)
    query = {"sort": sort, "descending": descending, "limit": 200}
    assert ids(store, **query) == ids(RunList(runs), **query)


def test_a_list_and_the_registry_give_the_same_answers(
    store: RunStore, make_run: MakeRun
) -> None:
    runs = mixed_runs(make_run, 150)
    store.put(runs)
    plain = RunList(runs)
    dice = random.Random(20250615)
    for _ in range(200):
        query = random_query(dice, runs)
        ours, theirs = store.page(query), plain.page(query)
        assert (ours.runs, ours.total) == (theirs.runs, theirs.total), query


def mixed_runs(make_run: MakeRun, count: int) -> list[Run]:
    dice = random.Random(7)
    modules = ["runners.price_options", "runners.backtest", "qf.tools", "qf.tools.fx"]
    runs = []
    for _ in range(count):
        outcome = dice.choice([None, *Outcome])
        active = [state for state in RunState if not state.is_terminal]
        how = {"outcome": outcome} if outcome else {"state": dice.choice(active)}
        runs.append(
            make_run(
                module=dice.choice(modules),
                argv=(dice.choice(["--curve-set=eod", "--intraday", "2025-01-31"]),),
                requested_by=dice.choice(["anna", "batch", ""]),
                user="me",
                environment=dice.choice(["DEV", "UAT", "PROD", ""]),
                reason=dice.choice(["", "It took too long."]),
                duration=dice.choice([None, 1.0, 2.0, 300.0]),
                **how,
            )
        )
    dice.shuffle(runs)
    return runs


def random_query(dice: random.Random, runs: list[Run]) -> RunQuery:
    def some(*values: Any) -> tuple[Any, ...]:
        return tuple(dice.sample(values, dice.choice([0, 0, 0, 1, 2])))

    times = [None, None, None, dice.choice(runs).spec.created]
    return RunQuery(
        text=dice.choice(
            ["", "", "intraday", "took long", "price", "eod curve", "-- |"]
        ),
        modules=some("qf.tools", "qf.*", "runners.*", "*price*", "r[u]nners.*", "none"),
        states=some(*RunState),
        outcomes=some(*Outcome),
        environments=some("dev", "PROD", "nowhere"),
        users=some("anna", "me", "Batch"),
        since=dice.choice(times),
        until=dice.choice(times),
        active_or_since=dice.choice(times),
        sort=dice.choice(sorted(SORTS)),
        descending=dice.choice([True, False]),
        limit=dice.choice([0, 1, 10, 500]),
        offset=dice.choice([0, 3, 40]),
    )


def test_text_search_takes_the_beginnings_of_words(
    store: RunStore, make_run: MakeRun
) -> None:
    run = make_run(
        module="runners.var_report",
        explanation="KeyError: 'EURUSD' in load_curves (var_report.py:88)",
        requested_by="Jürgen",
        environment="PROD",
        argv=("--curve-set", "intra day"),
    )
    store.put([run, make_run(module="json.tool")])
    found = ("eurusd", "VAR_rep", "runners.var", "load curv", "prod intra", "jür")
    for text in (*found, run.run_id, run.run_id[-6:]):
        assert ids(store, text=text) == [run.run_id], text
    assert ids(store, text="eurusd json") == []


@pytest.mark.parametrize(
    "text",
    ['"', "'", 'a"b', "*", "NEAR(a b)", "words:x", "-", "%", "\0", "\ud800", "^"],
)
def test_no_search_text_is_an_error(
    store: RunStore, make_run: MakeRun, text: str
) -> None:
    store.put([make_run()])
    assert store.page(RunQuery(text=text)).total in (0, 1)


def test_an_unknown_sort_key_is_named(store: RunStore) -> None:
    with pytest.raises(StoreError, match=r"sorted by 'price'.*Use one of"):
        store.page(RunQuery(sort="price"))


def test_fragments_find_ids_from_either_end(store: RunStore, make_run: MakeRun) -> None:
    store.put([make_run(run_id=name) for name in ("20250101-aaaa", "20250102-aaab")])
    assert store.find("2025") == ["20250102-aaab", "20250101-aaaa"]
    assert store.find("aaab") == ["20250102-aaab"]
    assert store.find("2025", limit=1) == ["20250102-aaab"]
    assert store.find("%") == []
    assert store.find("") == []


def test_active_runs_are_those_that_have_not_ended(
    store: RunStore, make_run: MakeRun
) -> None:
    running, _, queued = (
        make_run(state=RunState.RUNNING),
        make_run(),
        make_run(state=RunState.QUEUED),
    )
    store.put([running, _, queued])
    assert store.active() == [running]
    assert store.queued("", 10) == [queued]
    assert store.queued(queued.run_id, 10) == []
    assert store.counts() == {"running": 1, "queued": 1}


def test_removed_runs_are_forgotten(store: RunStore, make_run: MakeRun) -> None:
    runs = [make_run(), make_run()]
    store.put(runs)
    store.remove([runs[0].run_id, "never there"])
    assert store.ids() == {runs[1].run_id}
    assert store.get(runs[0].run_id) is None
    assert store.page(RunQuery(text="price")).total == 1


def test_the_version_changes_with_every_write(
    store: RunStore, make_run: MakeRun
) -> None:
    before = store.version()
    assert store.version() == before
    run = make_run()
    store.put([run])
    after = store.version()
    assert after != before
    store.remove([run.run_id])
    assert store.version() not in (before, after)


def test_totals_follow_the_writes_of_others(tmp_path: Path, make_run: MakeRun) -> None:
    ours, theirs = (SqliteStore(tmp_path / "runs.db") for _ in range(2))
    assert ours.page(RunQuery()).total == 0
    before = ours.version()
    theirs.put([make_run()])
    assert ours.version() != before
    assert ours.page(RunQuery()).total == 1
    ours.close()
    theirs.close()


def test_the_files_are_for_their_owner_alone(tmp_path: Path, make_run: MakeRun) -> None:
    path = tmp_path / "home" / "runs.db"
    store = open_store(path)
    store.put([make_run()])
    modes = {
        file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()
    }
    assert modes == {"runs.db": 0o600, "runs.db-wal": 0o600, "runs.db-shm": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    store.close()
    path.chmod(0o644)
    open_store(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_threads_share_a_store(store: RunStore, make_run: MakeRun) -> None:
    runs = [make_run() for _ in range(200)]
    errors: list[BaseException] = []

    def work(part: list[Run]) -> None:
        try:
            for run in part:
                store.put([run])
                assert store.get(run.run_id) == run
                assert store.page(RunQuery(text="price", limit=5)).total > 0
        except BaseException as error:  # noqa: BLE001 - handed to the test's thread
            errors.append(error)

    threads = [threading.Thread(target=work, args=(runs[n::8],)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert store.page(RunQuery()).total == 200


def test_the_runs_of_a_group_are_found_by_its_id_or_an_end_of_it(
    store: RunStore, make_run: MakeRun
) -> None:
    group = "g20250615T101112123-abcdef"
    first = make_run(group=group, outcome=Outcome.FAILED)
    second = make_run(group=group, state=RunState.QUEUED)
    store.put([make_run(), first, second, make_run(group=group.replace("ab", "cd"))])
    for wanted in (group, "abcdef", "123-abcdef"):
        found = store.page(RunQuery(groups=(wanted,)))
        assert [run.run_id for run in found.runs] == [second.run_id, first.run_id]
        assert found.total == 2
    assert store.page(RunQuery(groups=("*",))).total == 0
    assert {end.run_id: (end.word, end.ended) for end in store.ends(group)} == {
        first.run_id: ("failed", True),
        second.run_id: ("queued", False),
    }
    assert store.ends("") == []


def test_a_group_is_looked_up_by_an_index(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "runs.db")
    plan = store._database.read(
        lambda connection: connection.execute(
            "EXPLAIN QUERY PLAN SELECT state FROM runs"
            " WHERE run_group = ? AND run_group <> ''",
            ("g",),
        ).fetchall()
    )
    store.close()
    assert "USING INDEX runs_group" in plan[0][3]
