from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from opsdash_widgets.core import discovery
from opsdash_widgets.core.discovery import ModuleWatch, PackagesWatch
from opsdash_widgets.core.discovery.watching import SHARES

PARSER = """
import argparse
from jobs import names
parser = argparse.ArgumentParser()
parser.add_argument(names.FIRST)
parser.parse_args()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    package = tmp_path / "project" / "jobs"
    (package / "inner").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "names.py").write_text("FIRST = '--first'\n")
    (package / "parsed.py").write_text(PARSER)
    (package / "inner" / "deep.py").write_text("print(1)\n")
    return tmp_path / "project"


@pytest.fixture
def packages(project: Path) -> PackagesWatch:
    return PackagesWatch(["jobs"], [project])


def seen(watch: PackagesWatch) -> bool:
    """Whether a change is seen in one round over every file."""
    return any(watch.changed() for _ in range(SHARES))


def test_nothing_has_changed_where_nothing_was_touched(
    packages: PackagesWatch,
) -> None:
    assert not seen(packages)


def test_a_new_a_removed_and_a_changed_module_are_each_noticed_once(
    packages: PackagesWatch, project: Path
) -> None:
    package = project / "jobs"
    for change in (
        lambda: (package / "inner" / "new.py").write_text("print(2)\n"),
        lambda: (package / "inner" / "new.py").unlink(),
        lambda: (package / "inner" / "deep.py").write_text("print(10)\n"),
        lambda: (package / "more").mkdir(),
        lambda: (package / "more" / "one.py").write_text("print(3)\n"),
    ):
        change()
        assert seen(packages)
        assert not seen(packages)


def test_a_package_that_was_not_there_is_noticed_when_it_comes(project: Path) -> None:
    watch = PackagesWatch(["jobs", "later"], [project])
    assert not seen(watch)
    (project / "later").mkdir()
    (project / "later" / "__init__.py").touch()
    assert seen(watch)
    assert not seen(watch)


def module_watch(project: Path) -> tuple[ModuleWatch, Path]:
    cache_dir = project.parent / "cache"
    where = {"interpreter": sys.executable, "cwd": project}
    discovery.probe_module("jobs.parsed", cache_dir=cache_dir, **where)
    key = discovery.spec_key("jobs.parsed", **where)
    source = discovery.located("jobs.parsed", [project]).path
    return ModuleWatch(cache_dir, key, source), cache_dir


def test_a_file_that_a_module_imports_belongs_to_its_form(project: Path) -> None:
    watch, _ = module_watch(project)
    assert not watch.changed()
    names = project / "jobs" / "names.py"
    names.write_text("FIRST = '--other'\n")
    assert watch.changed()
    assert not watch.changed()


def test_the_last_good_spec_is_there_after_its_source_has_changed(
    project: Path,
) -> None:
    _, cache_dir = module_watch(project)
    (project / "jobs" / "parsed.py").write_text("def broken(:\n")
    key = discovery.spec_key("jobs.parsed", interpreter=sys.executable, cwd=project)
    watch = ModuleWatch(cache_dir, key)
    assert watch.last is not None
    assert "--first" in [argument.id for argument in watch.last.parser.arguments]
    assert watch.changed()


def test_a_module_without_a_spec_is_watched_by_its_own_file(project: Path) -> None:
    source = project / "jobs" / "inner" / "deep.py"
    key = discovery.spec_key("jobs.inner.deep", interpreter=sys.executable, cwd=project)
    watch = ModuleWatch(project.parent / "nowhere", key, str(source))
    assert watch.last is None
    assert not watch.changed()
    os.utime(source, ns=(1, 1))
    assert watch.changed()


def test_a_module_that_was_asked_is_listed_with_the_kind_that_it_has(
    project: Path,
) -> None:
    cache_dir = project.parent / "listings"
    deep = project / "jobs" / "inner" / "deep.py"

    def kind() -> str:
        rows = discovery.find_modules(["jobs"], [project], cache_dir)
        return next(str(row.kind) for row in rows if row.path == str(deep))

    assert kind() == "plain"
    discovery.correct_kind(str(deep), "argparse", cache_dir)
    assert kind() == "argparse"
    deep.write_text("print(100)\n")
    assert kind() == "plain"
