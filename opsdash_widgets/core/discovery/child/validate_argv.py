"""A ``sys.argv`` that remembers what a module asked of it before its parser did.

A process can only be branched off for another argv where the module has not decided
anything by the first one. So what it looks at is noted, and an argv that would have
answered otherwise gets an import of its own.
"""

from __future__ import annotations

from typing import Any, Callable, List, Sequence

_LOOKING = (
    *("__iter__", "__eq__", "__ne__", "__add__", "__reversed__", "__lt__", "__gt__"),
    *("__le__", "__ge__", "__mul__", "__repr__", "copy", "count", "index", "pop"),
    *("remove", "sort", "reverse"),
)

Question = Callable[[Sequence[str]], Any]


class WatchedArgv(List[str]):
    """A list whose readers are noted; a slice of it notes for the same list.

    Attributes:
        questions: functions of an argv, one for each thing that was looked at.
    """

    def __init__(
        self,
        items: Sequence[str],
        questions: list[Question] | None = None,
        part: slice = slice(None),
    ) -> None:
        super().__init__(items)
        self.questions: list[Question] = [] if questions is None else questions
        self._parts = [part]

    def __getitem__(self, key: Any) -> Any:
        found = super().__getitem__(key)
        if isinstance(key, slice):
            inner = WatchedArgv(found, self.questions)
            inner._parts = [*self._parts, key]
            return inner
        if key != 0 or len(self._parts) > 1:
            self._asked(lambda argv: argv[key] if -len(argv) <= key < len(argv) else 0)
        return found

    def __len__(self) -> int:
        self._asked(len)
        return super().__len__()

    def __contains__(self, item: object) -> bool:
        self._asked(lambda argv: item in argv)
        return super().__contains__(item)

    def __hash__(self) -> int:  # type: ignore[override] # a list has none
        raise TypeError("unhashable type: 'list'")

    def answers_alike(self, one: Sequence[str], other: Sequence[str]) -> bool:
        """Whether two whole argvs are the same in all that was looked at."""
        return all(ask(one) == ask(other) for ask in list(self.questions))

    def _asked(self, question: Question) -> None:
        parts = list(self._parts)

        def of_whole(argv: Sequence[str]) -> Any:
            for part in parts:
                argv = argv[part]
            return question(argv)

        self.questions.append(of_whole)


def _noting(name: str) -> Any:
    original = getattr(list, name)

    def method(argv: WatchedArgv, *args: Any, **named: Any) -> Any:
        argv._asked(list)
        return original(argv, *args, **named)

    return method


for _name in _LOOKING:
    setattr(WatchedArgv, _name, _noting(_name))


def plain(argv: Sequence[str]) -> list[str]:
    """An argv as a list of its own, without looking at it."""
    if isinstance(argv, list):
        return list(list.__getitem__(argv, slice(None)))
    return list(argv)
