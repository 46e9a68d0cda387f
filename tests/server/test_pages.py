"""Which kernels nobody looks at any more."""

from __future__ import annotations

import asyncio
from typing import Any

from opsdash_widgets.server.pages import Pages, end_abandoned


class Socket:
    """A page's end of the line, that notes what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def tell(self, kernel: str) -> None:
        self.told.append(kernel)


def ended_within(pages: Pages, kernels: list[str], *, after_s: float) -> list[str]:
    """The kernels that are ended until nothing is left to end, or nothing happens."""
    ended: list[str] = []

    async def end(kernel_id: str) -> None:
        kernels.remove(kernel_id)
        ended.append(kernel_id)

    async def watch() -> None:
        work = end_abandoned(
            pages, lambda: list(kernels), end, after_s=after_s, every_s=0.001
        )
        try:
            await asyncio.wait_for(work, 0.2)
        except TimeoutError:
            return

    asyncio.run(watch())
    return ended


def test_a_kernel_without_a_page_is_ended() -> None:
    assert ended_within(Pages(), ["a", "b"], after_s=0.0) == ["a", "b"]


def test_a_kernel_with_a_page_is_left_alone() -> None:
    pages = Pages()
    page: Any = Socket()
    pages.opened("a", page)
    assert ended_within(pages, ["a", "b"], after_s=0.0) == ["b"]


def test_a_page_has_time_to_load_and_to_come_back() -> None:
    assert ended_within(Pages(), ["a"], after_s=60.0) == []


def test_a_kernel_is_shown_until_its_last_page_goes() -> None:
    pages = Pages()
    first: Any = Socket()
    second: Any = Socket()
    pages.opened("a", first)
    pages.opened("a", second)
    pages.closed("a", first)
    assert pages.kernel_ids() == {"a"}
    pages.closed("a", second)
    assert pages.kernel_ids() == set()


def test_every_page_of_a_kernel_that_ended_hears_of_it() -> None:
    pages = Pages()
    mine: Any = Socket()
    other: Any = Socket()
    pages.opened("a", mine)
    pages.opened("b", other)
    pages.tell_ended("a")
    assert (mine.told, other.told) == (["ended"], [])


def test_a_server_that_ends_tells_no_page_that_its_kernel_died() -> None:
    pages = Pages()
    mine: Any = Socket()
    pages.opened("a", mine)
    pages.forget()
    pages.tell_ended("a")
    assert mine.told == []
