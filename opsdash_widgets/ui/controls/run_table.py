"""The table of runs: a window on the registry, sorted and filtered there."""

from __future__ import annotations

import getpass
import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
import traitlets
from ipywidgets import CallbackDispatcher

from ...core.errors import OpsdashError
from ...core.model import Run, RunPage, RunQuery
from ..esm import Control
from ..live import Coalescer
from ..run_row import Recorded, recorded, run_row
from .run_filter import HELP, FilterError, parse_filter
from .run_list import RunList, RunSource

__all__ = ["RunList", "RunSource", "RunTable"]

SORTS = ("created", "module", "state", "duration", "user", "environment", "outcome")
COLUMNS = ("status", "module", "started", "took", "user", "env", "why")
"""Columns that are shown at first; ``id``, ``host`` and ``exit`` can be added."""

SELECT_LIMIT = 10_000
"""The most runs that can be selected at once."""

_FIRST_ROWS = 40  # what a view shows before it has asked for anything
_WINDOW_LIMIT = 500
_VIEWS_LIMIT = 8  # a closed page cannot always say that it goes
_PUSHES_PER_SECOND = 8.0

Action = Callable[[list[str]], str | None]
"""Gets the run ids, does something, may say in one sentence what it did."""

_log = logging.getLogger(__name__)
_log.addHandler(logging.NullHandler())


class RunTable(Control, bundle="run_table"):
    """A table of runs, for any number of them.

    The browser holds the rows on screen only; the source sorts, filters and counts.
    Nothing is shown of a run that has not gone through ``run_row``.

    Args:
        source: what to ask for windows of runs (the service, or any ``RunSource``).
        runs: instead of a source, the runs themselves, or what ``ops.runs()`` gives.
        me: the user that ``user:me`` means; the operating system's where empty.
        traits: initial values, for example ``query_text="status:failed"``.

    Attributes:
        query_text: what stands in the filter box, see ``run_filter.HELP``.
        sort: key of ``RunQuery.sort``.
        descending: the greatest first.
        selection: ids of the selected runs, at most ``SELECT_LIMIT``.
        opened: id of the run that the user opened, or empty; set it to highlight one.
        total: how many runs the filter lets through.
        columns: the visible columns.
        menu: what else can be done, not to the selection: id and label of each line.
        height: CSS height that the table may take at most.
        filter_error: why the filter box cannot be understood, or empty.
        problem: why the source cannot be asked, or empty.
    """

    query_text = traitlets.Unicode().tag(sync=True)
    sort = traitlets.Enum(SORTS, "created").tag(sync=True)
    descending = traitlets.Bool(True).tag(sync=True)
    selection = traitlets.List(traitlets.Unicode()).tag(sync=True)
    opened = traitlets.Unicode().tag(sync=True)
    total = traitlets.Int().tag(sync=True)
    columns = traitlets.List(traitlets.Unicode(), list(COLUMNS)).tag(sync=True)
    height = traitlets.Unicode("480px").tag(sync=True)
    filter_error = traitlets.Unicode().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    can_stop = traitlets.Bool(False).tag(sync=True)
    can_pause = traitlets.Bool(False).tag(sync=True)
    can_again = traitlets.Bool(False).tag(sync=True)
    menu = traitlets.List(traitlets.Dict()).tag(sync=True)
    said = traitlets.Dict().tag(sync=True)
    first = traitlets.Dict().tag(sync=True)
    filter_help = traitlets.List([list(line) for line in HELP]).tag(sync=True)

    def __init__(
        self,
        source: RunSource | None = None,
        *,
        runs: Iterable[Run | Recorded] | None = None,
        me: str = "",
        **traits: Any,
    ) -> None:
        self._source: RunSource = source or RunList(map(recorded, runs or ()))
        self._me = me or getpass.getuser()
        self._lock = threading.RLock()
        self._query = RunQuery()
        self._asked: list[str | bool] = []
        self._windows: dict[str, tuple[int, int]] = {}
        self._sent: dict[str, dict[str, dict[str, Any]]] = {}
        self._actions: dict[str, Action] = {}
        self._menu = CallbackDispatcher()
        self._pusher = Coalescer(lambda _: self._push(), _PUSHES_PER_SECOND)
        super().__init__(**{"label": "Runs", **traits})
        self._handlers |= {
            "window": self._on_window,
            "gone": self._on_gone,
            "select_all": lambda _: self._select(0, SELECT_LIMIT),
            "select_range": self._on_select_range,
            "stop": lambda message: self._act("stop", message),
            "pause": lambda message: self._act("pause", message),
            "resume": lambda message: self._act("resume", message),
            "again": lambda message: self._act("again", message),
            "menu": lambda message: self._menu(self, str(message.get("item"))),
        }
        self.observe(self._on_query, names=["query_text", "sort", "descending"])
        self._on_query()

    @property
    def source(self) -> RunSource:
        """What is asked for windows of runs; can be replaced."""
        return self._source

    @source.setter
    def source(self, source: RunSource) -> None:
        self._source = source
        self._on_query()

    def refresh(self, changed_ids: Iterable[str] | None = None) -> None:
        """Ask the source again and push what changed of the rows on screen.

        Cheap to call often and from any thread: pushes are merged to at most 8 a
        second.

        Args:
            changed_ids: the runs that changed; nothing is done for an empty list.
        """
        if changed_ids is None or list(changed_ids):
            self._pusher.put(changed=True)

    def on_stop(self, act: Action) -> None:
        """Show the Stop button; ``act`` gets the ids of the runs to be stopped."""
        self._actions["stop"] = act
        self.can_stop = True

    def on_pause(self, pause: Action, resume: Action) -> None:
        """Show the Pause and Resume buttons; each gets the ids it is pressed for."""
        self._actions |= {"pause": pause, "resume": resume}
        self.can_pause = True

    def on_menu(self, callback: Any, remove: bool = False) -> None:
        """Call ``callback(table, id)`` when the user picks a line of the menu."""
        self._menu.register_callback(callback, remove=remove)

    def on_again(self, act: Action) -> None:
        """Show the Re-run button; ``act`` gets the ids of the runs to run again."""
        self._actions["again"] = act
        self.can_again = True

    def say(self, text: str, *, error: bool = False) -> None:
        """Show one sentence at the table's foot, about what an action did."""
        # The count lets a view show the same sentence twice.
        count = int(self.said.get("count", 0)) + 1
        self.said = {"text": text, "error": error, "count": count}

    def _on_query(self, _: object = None) -> None:
        """Understand the filter box and start again from the top."""
        try:
            query = parse_filter(self.query_text, self._me)
        except FilterError as error:
            self.filter_error = str(error)
            return
        self.filter_error = ""
        with self._lock:
            self._query = msgspec.structs.replace(
                query, sort=self.sort, descending=self.descending
            )
            self._asked = [self.query_text, self.sort, self.descending]
            self._windows = {view: (0, n) for view, (_, n) in self._windows.items()}
            self._push()

    def _on_window(self, message: dict[str, Any]) -> None:
        view = str(message.get("view"))
        start = max(0, int(message.get("start", 0)))
        count = min(max(1, int(message.get("count", 1))), _WINDOW_LIMIT)
        with self._lock:
            self._windows.pop(view, None)
            self._windows[view] = (start, count)
            while len(self._windows) > _VIEWS_LIMIT:
                self._forget(next(iter(self._windows)))
            self._push_to(view)

    def _on_gone(self, message: dict[str, Any]) -> None:
        with self._lock:
            self._forget(str(message.get("view")))
            if not self._windows:
                self._renew_first()

    def _forget(self, view: str) -> None:
        self._windows.pop(view, None)
        self._sent.pop(view, None)

    def _push(self) -> None:
        """Send every view its rows."""
        with self._lock:
            for view in list(self._windows):
                self._push_to(view)
            if not self._windows:
                self._renew_first()

    def _renew_first(self) -> None:
        """Keep what the next view starts with, so that it opens without asking."""
        page = self._page(0, _FIRST_ROWS)
        if page is not None:
            rows = [run_row(run) for run in page.runs]
            self.first = {"total": page.total, "rows": rows, "query": self._asked}

    def _push_to(self, view: str) -> None:
        """Send a view its window: all ids in order, and the rows it does not have."""
        start, count = self._windows[view]
        page = self._page(start, count)
        if page is None:
            return
        rows = {run.run_id: run_row(run) for run in page.runs}
        had = self._sent.get(view, {})
        self._sent[view] = rows
        self.send(
            {
                "kind": "rows",
                "view": view,
                "start": page.offset,
                "total": page.total,
                "ids": list(rows),
                "rows": [row for key, row in rows.items() if had.get(key) != row],
                "query": self._asked,
            }
        )

    def _page(self, start: int, count: int) -> RunPage | None:
        """A window of the source, or ``None`` with the reason in ``problem``."""
        query = msgspec.structs.replace(self._query, offset=start, limit=count)
        try:
            page = self._source.page(query)
        except OpsdashError as error:
            self.problem = str(error)
            return None
        self.problem = ""
        self.total = page.total
        return page

    def _on_select_range(self, message: dict[str, Any]) -> None:
        ends = sorted((int(message.get("from", 0)), int(message.get("to", 0))))
        self._select(max(0, ends[0]), ends[1] - ends[0] + 1, keep=True)

    def _select(self, start: int, count: int, *, keep: bool = False) -> None:
        """Select runs by their places in the table's order."""
        page = self._page(start, min(count, SELECT_LIMIT))
        if page is None:
            return
        found = [run.run_id for run in page.runs]
        before = self.selection if keep else []
        self.selection = list(dict.fromkeys([*before, *found]))[:SELECT_LIMIT]
        if page.total > SELECT_LIMIT and not keep:
            self.say(f"The first {SELECT_LIMIT:,} of {page.total:,} runs are selected.")

    def _act(self, name: str, message: dict[str, Any]) -> None:
        """Hand the ids to the action and show what came of it."""
        ids = [str(one) for one in _listed(message.get("ids"))][:SELECT_LIMIT]
        act = self._actions.get(name)
        if act is None or not ids:
            return
        runs = "1 run" if len(ids) == 1 else f"{len(ids):,} runs"
        try:
            said = act(ids) or f"{_DONE[name]} {runs}."
        except OpsdashError as error:
            self.say(str(error), error=True)
        except Exception as error:  # noqa: BLE001 - a click must never say nothing
            _log.exception("the action %s failed", name)
            self.say(f"That did not work for {runs}: {error}", error=True)
        else:
            self.say(said)
        self.refresh()


_DONE = {
    "stop": "Asked to stop:",
    "pause": "Paused:",
    "resume": "Resumed:",
    "again": "Started again:",
}


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()
