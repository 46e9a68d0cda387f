"""Why a run failed, read from the end of its output."""

from __future__ import annotations

import pytest

from opsdash_widgets.core.model import RunSpec
from opsdash_widgets.core.service.explanation import LONGEST, explain

SPEC = RunSpec(run_id="r", module="m", environment="UAT")

TRACEBACK = """\
stage curves
Traceback (most recent call last):
  File "/x/runners/var_report.py", line 120, in <module>
    main()
  File "/x/runners/var_report.py", line 88, in load_curves
    return table["EURUSD"]
           ~~~~~^^^^^^^^^^
KeyError: 'EURUSD'
"""

FATAL = """\
pricing
Fatal Python error: Segmentation fault

Current thread 0x00007f9a1a25eb80 (most recent call first):
  File "/usr/lib/python3.11/ctypes/__init__.py", line 519 in string_at
  File "/desk/jobs/price.py", line 6 in load
  File "/desk/jobs/price.py", line 8 in <module>
  File "<frozen runpy>", line 88 in _run_code

Thread 0x00007f9a19e006c0 (most recent call first):
  File "/desk/jobs/feed.py", line 3 in wait

Extension modules: numpy.core._multiarray_umath (total: 1)
"""


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (TRACEBACK, "KeyError: 'EURUSD' in load_curves (var_report.py:88)"),
        (
            "usage: m [-h]\nm: error: argument --n: invalid int value: 'x'\n",
            "argument --n: invalid int value: 'x'",
        ),
        ("/usr/bin/python: No module named nosuch\n", "No module named nosuch"),
        ("all done\nno curve for 2024-01-02\n\n", "no curve for 2024-01-02"),
        ("", ""),
        (
            TRACEBACK.replace("KeyError: 'EURUSD'", "x.Error: token=abcdef123456xyz"),
            "x.Error: token=•••••• in load_curves (var_report.py:88)",
        ),
    ],
)
def test_a_failure_is_explained_from_the_output(output: str, sentence: str) -> None:
    assert explain(SPEC, output) == sentence


def test_a_crash_of_the_interpreter_is_explained_by_the_place_of_it() -> None:
    error = "Fatal Python error: Segmentation fault in"
    own = RunSpec(run_id="r", module="jobs.price", cwd="/desk")
    assert explain(own, FATAL) == f"{error} load (price.py:6)"
    library = RunSpec(run_id="r", module="m", cwd="/elsewhere")
    assert explain(library, FATAL) == f"{error} string_at (__init__.py:519)"
    alone = "Fatal Python error: Aborted\n\n"
    assert explain(own, alone) == "Fatal Python error: Aborted"


def test_an_explanation_names_the_users_own_code() -> None:
    output = """\
Traceback (most recent call last):
  File "/desk/jobs/report.py", line 9, in <module>
    main()
  File "/desk/jobs/report.py", line 7, in load
    return [table[name] for name in names]
  File "/desk/jobs/report.py", line 7, in <listcomp>
    return [table[name] for name in names]
  File "/desk/.venv/lib/python3.11/site-packages/frames/base.py", line 3812, in get
    raise KeyError(key)
KeyError: 'EURUSD'
"""
    spec = RunSpec(run_id="r", module="jobs.report", cwd="/desk")
    assert explain(spec, output) == "KeyError: 'EURUSD' in load (report.py:7)"


def test_a_syntax_error_is_placed_where_it_is() -> None:
    output = """\
Traceback (most recent call last):
  File "/desk/jobs/report.py", line 2, in <module>
    import broken
  File "/desk/jobs/broken.py", line 7
    def (:
        ^
SyntaxError: invalid syntax
"""
    spec = RunSpec(run_id="r", module="jobs.report", cwd="/desk")
    assert explain(spec, output) == "SyntaxError: invalid syntax (broken.py:7)"


@pytest.mark.parametrize(
    "output",
    [
        "python" * 11_000,
        ": error: " * 8_000,
        "Traceback (most recent call last):\n" + '  File "' * 9_000,
        'Traceback (most recent call last):\n  File "x", line 3\n  File "y", line 4\nE',
        "\udcff\0\x1b[" * 9_000,
        "a" * 70_000,
    ],
    ids=range(6),
)
def test_hostile_output_is_explained_in_few_words(output: str) -> None:
    sentence = explain(SPEC, output)
    assert len(sentence) <= LONGEST
    assert sentence.isprintable()


def test_a_missing_package_is_explained_with_what_to_do() -> None:
    output = TRACEBACK.replace(
        "KeyError: 'EURUSD'", "ModuleNotFoundError: No module named 'pandas.core'"
    )
    sentence = explain(SPEC, output)
    assert sentence.startswith("`pandas` is not installed in the environment UAT")
