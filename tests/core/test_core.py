"""What the core says of itself."""

from __future__ import annotations

import pytest

from opsdash_widgets.core import refuse_windows


def test_windows_is_refused_with_a_sentence_that_says_what_to_do() -> None:
    with pytest.raises(ImportError, match=r"does not run on Windows; use it in WSL"):
        refuse_windows("nt")


def test_other_systems_are_not_refused() -> None:
    refuse_windows("posix")
