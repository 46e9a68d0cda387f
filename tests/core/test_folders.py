"""What a file chooser may see of the disk, and what it may not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from opsdash_widgets.core.errors import FolderError, PermissionDenied
from opsdash_widgets.core.model import Role
from opsdash_widgets.core.model.folder import EntryKind, FolderEntry
from opsdash_widgets.core.service import folder_reading
from opsdash_widgets.core.service.folders import Folders

from .desk import Desk


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A folder that nobody may look into."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "secret.txt").write_text("secret")
    return folder


@pytest.fixture
def tree(desk: Desk, outside: Path) -> Path:
    """The project's folder with something of every kind in it."""
    project = desk.project
    (project / "data").mkdir()
    (project / "data" / "b.csv").write_text("1,2\n")
    (project / "data" / "A.csv").write_text("")
    (project / "data" / "deep").mkdir()
    (project / ".hidden").write_text("")
    (project / "-dash.txt").write_text("")
    os.mkfifo(project / "pipe")
    (project / "out").symlink_to(outside)
    (project / "out_file").symlink_to(outside / "secret.txt")
    (project / "inside").symlink_to(project / "data")
    (project / "nowhere").symlink_to(project / "no such")
    Path(os.fsdecode(os.fsencode(project) + b"/bad\xff.csv")).write_text("")
    return project


@pytest.fixture
def folders(desk: Desk, tree: Path) -> Folders:
    """As an operator, who may not see the home folder."""
    return desk.service(Role.OPERATOR).folders


def entries(folders: Folders, path: str = "", **asked: object) -> list[FolderEntry]:
    """What a folder shows."""
    return list(folders.list_folder(path, **asked).entries)  # type: ignore[arg-type]  # a test's keywords


def named(folders: Folders, name: str) -> FolderEntry:
    """One entry of the project's folder."""
    return next(e for e in entries(folders, hidden=True) if e.name == name)


def test_folders_come_first_and_then_files_by_name(folders: Folders) -> None:
    assert [e.name for e in entries(folders, "data")] == ["deep", "A.csv", "b.csv"]


def test_an_entry_says_what_a_field_gets_and_how_large_and_old_it_is(
    folders: Folders,
) -> None:
    found = next(e for e in entries(folders, "data") if e.name == "b.csv")
    assert found.value == "data/b.csv"
    assert found.size == 4
    assert found.modified > 1e9
    assert found.kind is EntryKind.FILE


def test_what_is_not_below_the_working_folder_gets_its_whole_path(
    desk: Desk, tree: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "x").touch()
    (desk.project / "opsdash.toml").write_text(
        f'file_roots = ["{tmp_path}/elsewhere", "."]\n'
    )
    folders = desk.service().folders
    assert [root.name for root in folders.roots()] == ["elsewhere", "project"]
    assert entries(folders, "")[0].value == f"{tmp_path}/elsewhere/x"
    page = folders.list_folder(str(tree))
    assert page.value == "."
    assert page.parent == ""


def test_a_name_that_begins_with_a_dash_stays_a_path(folders: Folders) -> None:
    assert named(folders, "-dash.txt").value == "./-dash.txt"


def test_hidden_names_are_counted_and_shown_on_demand(folders: Folders) -> None:
    page = folders.list_folder()
    assert page.unseen == 1
    assert ".hidden" not in [e.name for e in page.entries]
    assert named(folders, ".hidden").hidden


@pytest.mark.parametrize(
    ("text", "found"), [("a.c", ["A.csv"]), ("*.CSV", ["A.csv", "b.csv"]), ("?x", [])]
)
def test_names_are_filtered_by_a_part_or_a_pattern(
    folders: Folders, text: str, found: list[str]
) -> None:
    assert [e.name for e in entries(folders, "data", text=text)] == found


def test_a_link_is_what_it_leads_to_below_the_roots(folders: Folders) -> None:
    inside = named(folders, "inside")
    assert (inside.kind, inside.link) == (EntryKind.FOLDER, True)
    assert entries(folders, inside.path)[0].name == "deep"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("out", "leads elsewhere"),
        ("out_file", "leads elsewhere"),
        ("nowhere", "leads nowhere"),
        ("pipe", "not a file"),
        ("bad\ufffd.csv", "its name is not UTF-8"),
    ],
)
def test_what_cannot_be_chosen_says_why_and_shows_nothing_of_itself(
    folders: Folders, name: str, why: str
) -> None:
    found = named(folders, name)
    assert found.why == why
    assert (found.value, found.path, found.size) == ("", "", 0)


def test_the_field_s_own_value_opens_its_folder(folders: Folders, tree: Path) -> None:
    page = folders.list_folder("data/b.csv")
    assert (page.path, page.selected) == (str(tree / "data"), "b.csv")
    page = folders.list_folder("data/new/day/x.csv")
    assert (page.path, page.selected) == (str(tree / "data"), "new")


@pytest.mark.parametrize(
    "path",
    [
        "..",
        "../outside",
        "data/../../outside",
        "/",
        "/etc",
        "/proc/self/root",
        "out",
        "out/",
        "out_file",
        "//etc",
        "data/deep/../../../outside/secret.txt",
    ],
)
def test_nothing_outside_the_roots_is_shown(folders: Folders, path: str) -> None:
    with pytest.raises(FolderError, match="outside the folders"):
        folders.list_folder(path)


@pytest.mark.parametrize("path", ["a\0b", "\0", "\udcff", "x" * 5_000])
def test_what_is_no_path_is_refused_with_a_sentence(
    folders: Folders, path: str
) -> None:
    with pytest.raises(FolderError, match="not a path"):
        folders.list_folder(path)
    assert folders.check_path(path, must_exist=True) == ""


def test_a_parent_is_that_of_the_path_and_not_of_what_a_link_leads_to(
    folders: Folders, tree: Path
) -> None:
    assert folders.list_folder("out/..").path == str(tree)


def test_a_fifo_is_never_opened(folders: Folders, tree: Path) -> None:
    assert folders.list_folder("pipe").selected == "pipe"
    assert folders.check_path("pipe", must_exist=True) == ""


def test_a_folder_that_becomes_a_link_meanwhile_opens_nothing(
    tree: Path, outside: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, real = tree / "data", os.path.realpath

    def swapped(path: object) -> str:
        found = real(path)  # type: ignore[arg-type,type-var]  # a path
        if found == str(target):
            target.rename(tree / "moved")
            target.symlink_to(outside)
        return str(found)

    monkeypatch.setattr(folder_reading.os.path, "realpath", swapped)
    with (
        pytest.raises(OSError, match=r"Not a directory|symbolic"),
        folder_reading.opened(str(target), str(tree)),
    ):
        pass


def test_an_unreadable_folder_is_a_sentence(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A test that is root may read every folder, whatever its mode.
    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(folder_reading.os, "scandir", refused)
    with pytest.raises(FolderError, match=r"cannot be read \(permission denied\)"):
        folders.list_folder("data")


def test_a_great_folder_comes_in_pages(folders: Folders, tree: Path) -> None:
    many = tree / "many"
    many.mkdir()
    for number in range(2_500):
        (many / f"{number:05}").touch()
    page = folders.list_folder("many", offset=2_400, limit=50)
    assert page.total == 2_500
    assert [page.entries[0].name, page.entries[-1].name] == ["02400", "02449"]
    assert len(folders.list_folder("many", limit=10**9).entries) == 1_000
    assert folders.list_folder("many", offset=10**9).entries == ()
    assert folders.list_folder("many", offset=-5).offset == 0


def test_more_names_than_are_looked_at_are_said(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_reading, "MOST_NAMES", 2)
    assert "not all of them" in folders.list_folder("data").notice


def test_a_viewer_sees_no_folder_and_an_operator_not_the_home(
    desk: Desk, tree: Path
) -> None:
    viewer = desk.service(Role.VIEWER).folders
    for ask in (viewer.list_folder, viewer.roots):
        with pytest.raises(PermissionDenied):
            ask()
    assert viewer.check_path("no such", must_exist=True) == ""
    names = [root.name for root in desk.service(Role.OPERATOR).folders.roots()]
    assert names == ["Working folder"], "which is the project"
    assert "Home" in [root.name for root in desk.service(Role.ADMIN).folders.roots()]


def test_an_environments_folders_are_offered(desk: Desk, tree: Path) -> None:
    (tree / "config.ini").write_text(
        f"[DEV]\nCWD = {tree}/data\nRESULT_PATH = deep\nCONFIG_PATH = /no/such\n"
    )
    folders = desk.service(Role.OPERATOR).folders
    roots = {root.name: root.path for root in folders.roots("DEV")}
    assert roots == {
        "Working folder": f"{tree}/data",
        "Project": str(tree),
        "Results": f"{tree}/data/deep",
    }
    page = folders.list_folder("", environment="DEV")
    assert [e.value for e in page.entries] == ["deep", "A.csv", "b.csv"]


@pytest.mark.parametrize(
    ("path", "kind", "must_exist", "said"),
    [
        ("data/b.csv", "file", True, ""),
        ("data/c.csv", "file", True, "There is no file data/c.csv."),
        ("data/c.csv", "any", True, "There is no file or folder data/c.csv."),
        ("data/c.csv", "file", False, ""),
        ("data", "file", True, "data is a folder, not a file."),
        ("data/b.csv", "folder", False, "data/b.csv is a file, not a folder."),
        ("-", "file", True, ""),
        ("~/x", "file", True, ""),
        ("s3://bucket/x", "file", True, ""),
        ("", "file", True, ""),
        ("/etc/no such", "file", True, ""),
        ("out/no such", "file", True, ""),
        ("../outside/no such", "file", True, ""),
    ],
)
def test_a_path_that_must_be_there_is_remarked_upon_quietly(
    folders: Folders, path: str, kind: str, must_exist: bool, said: str
) -> None:
    assert folders.check_path(path, kind=kind, must_exist=must_exist) == said
