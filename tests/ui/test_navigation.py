"""The frame: notices that say what to do, and can be dismissed."""

from __future__ import annotations

from opsdash_widgets.core.errors import LaunchError
from opsdash_widgets.ui.controls.navigation import MOST_NOTICES, Navigation


def test_an_error_of_ours_becomes_its_sentence_and_next_step() -> None:
    frame = Navigation()
    frame.notify_error(LaunchError("It did not start.", "Look at the disk.", "trace"))
    (notice,) = frame.notices
    assert (notice["message"], notice["next_step"]) == (
        "It did not start.",
        "Look at the disk.",
    )
    assert (notice["level"], notice["details"]) == ("error", "trace")


def test_an_unexpected_error_is_a_sentence_with_its_traceback_folded() -> None:
    frame = Navigation()
    frame.notify_error(KeyError("x"), "Traceback …")
    assert "KeyError" in frame.notices[0]["message"]
    assert "\n" not in frame.notices[0]["message"]
    assert frame.notices[0]["details"] == "Traceback …"


def test_the_same_notice_twice_is_shown_once() -> None:
    frame = Navigation()
    frame.notify("The registry is in memory.")
    frame.notify("The registry is in memory.")
    assert len(frame.notices) == 1


def test_old_notices_give_way_to_new_ones() -> None:
    frame = Navigation()
    for number in range(MOST_NOTICES + 3):
        frame.notify(f"Notice {number}.")
    assert len(frame.notices) == MOST_NOTICES
    assert frame.notices[-1]["message"] == f"Notice {MOST_NOTICES + 2}."


def test_a_dismissed_notice_goes_and_the_others_stay() -> None:
    frame = Navigation()
    frame.notify("One.")
    frame.notify("Two.")
    frame._dispatch(None, {"kind": "dismiss", "id": frame.notices[0]["id"]}, [])
    assert [notice["message"] for notice in frame.notices] == ["Two."]


def test_a_notice_loses_escape_codes() -> None:
    frame = Navigation()
    frame.notify("\x1b]52;c;aGk=\x07plain")
    assert frame.notices[0]["message"] == "plain"
