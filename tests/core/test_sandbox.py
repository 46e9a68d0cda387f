"""What a confined program sees, and what it cannot reach."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from pathlib import Path

import psutil
import pytest

from opsdash_widgets.core.discovery import sandbox

LEVELS = ("full", "part", "none")


def say(
    script: str, folder: Path, *, given: bytes = b"", expected: int = 1
) -> sandbox.Answer:
    """Run a script that has ``say(text)``, and hear it."""
    text = (
        "import os, sys\n"
        "def say(*words): os.write(int(sys.argv[1]), f'{words}\\n'.encode())\n" + script
    )
    return sandbox.ask(
        [sys.executable, "-c", text, "{answer_fd}", "{given_fd}"],
        expected=expected,
        timeout_s=60,
        variables=dict(os.environ),
        folder=folder,
        given=given,
    )


def is_full() -> bool:
    """Whether this machine allows an overlay: what needs one is tested there."""
    return sandbox.confinement().is_full


@pytest.fixture(params=LEVELS)
def level(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The confinement where a machine allows that much: a double where it is less."""
    monkeypatch.setattr(sandbox, "_MOST", request.param)
    best = LEVELS.index(sandbox._tried[0].level) if sandbox._tried else 0
    wanted = LEVELS.index(request.param)
    return LEVELS[max(best, wanted)]


@pytest.fixture(autouse=True)
def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no double's answer outlive its test."""
    sandbox.confinement()
    monkeypatch.setattr(sandbox, "_tried", list(sandbox._tried))


def test_the_level_is_told_with_the_reason_for_less(level: str, tmp_path: Path) -> None:
    answer = say("say('here')", tmp_path)
    assert answer.lines == (b"('here',)",)
    assert answer.confinement.level == level
    assert bool(answer.confinement.reason) == (level != "full")


def test_a_program_is_the_users_own_in_its_own_folder(tmp_path: Path) -> None:
    answer = say("say(os.getuid(), os.getgid(), os.getcwd())", tmp_path)
    folder = str(tmp_path) if answer.confinement.is_full else ""
    said = answer.lines[0].decode()
    assert said.startswith(f"({os.getuid()}, {os.getgid()}, ")
    assert folder in said


def test_it_sees_what_it_changes_and_nobody_else_does(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("before")
    (tmp_path / "inner").mkdir()
    script = (
        "open('new', 'w').write('x'); open('kept', 'w').write('after')\n"
        "os.rmdir('inner'); os.mkdir('inner'); os.remove('kept')\n"
        "say(sorted(os.listdir('.')))"
    )
    if not is_full():
        return
    assert say(script, tmp_path).lines == (b"(['inner', 'new'],)",)
    assert (tmp_path / "kept").read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inner", "kept"]


def test_a_folder_with_an_awkward_name_is_overlaid_too(tmp_path: Path) -> None:
    folder = tmp_path / "a, b:c\\d\n é"
    folder.mkdir()
    answer = say("open('x', 'w'); say(os.listdir('.'))", folder)
    assert answer.lines == (b"(['x'],)",)
    assert list(folder.iterdir()) == []


def test_without_an_overlay_it_works_in_a_private_empty_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "there").write_text("")
    for most in ("part", "none"):
        monkeypatch.setattr(sandbox, "_MOST", most)
        said = say("open('x', 'w'); say(os.listdir('.'))", tmp_path).lines
        assert said == (b"(['x'],)",)
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


def test_it_finds_no_network_and_no_socket_of_the_machine(tmp_path: Path) -> None:
    if sandbox.confinement().level == "none":
        return
    script = """
import socket
def reaches(family, address):
    try:
        socket.socket(family).connect(address)
    except OSError:
        return False
    return True
say(reaches(socket.AF_INET, ("127.0.0.1", {port})),
    reaches(socket.AF_UNIX, "\\0{abstract}"), reaches(socket.AF_UNIX, {path!r}))
"""
    abstract, path = f"opsdash-test-{os.getpid()}", str(tmp_path / "s")
    with (
        socket.create_server(("127.0.0.1", 0)) as by_port,
        socket.socket(socket.AF_UNIX) as by_name,
        socket.socket(socket.AF_UNIX) as by_path,
    ):
        by_name.bind("\0" + abstract)
        by_path.bind(path)
        for server in (by_name, by_path):
            server.listen()
        port = by_port.getsockname()[1]
        filled = script.format(port=port, abstract=abstract, path=path)
        answer = say(filled, tmp_path)
    assert answer.lines[0].startswith(b"(False, False, ")
    if answer.confinement.is_full:
        assert answer.lines[0] == b"(False, False, False)"


def test_it_may_look_for_a_free_port_of_its_own(tmp_path: Path) -> None:
    script = (
        "import socket\n"
        "s = socket.create_server(('127.0.0.1', 0)); say(s.getsockname()[1] > 0)"
    )
    assert say(script, tmp_path).lines == (b"(True,)",)


def test_it_can_neither_see_nor_signal_other_processes(tmp_path: Path) -> None:
    if sandbox.confinement().level == "none":
        return
    script = f"""
try:
    os.kill({os.getpid()}, 0)
    say("signalled")
except OSError as error:
    say(type(error).__name__)
"""
    assert say(script, tmp_path).lines == (b"('ProcessLookupError',)",)
    if is_full():
        script = "say(sorted(int(n) for n in os.listdir('/proc') if n.isdigit())[-1])"
        (line,) = say(script, tmp_path).lines
        assert int(line[1:-2]) < 100


def test_it_inherits_no_descriptor_of_ours(tmp_path: Path) -> None:
    with (tmp_path / "open").open("w") as held:
        os.set_inheritable(held.fileno(), True)
        script = (
            "names = [os.readlink(f'/proc/self/fd/{n}') for n in os.listdir("
            "'/proc/self/fd') if os.path.exists(f'/proc/self/fd/{n}')]\n"
            "say(any('open' in name for name in names))"
        )
        assert say(script, tmp_path).lines == (b"(False,)",)


def test_the_machines_settings_and_devices_are_out_of_reach(tmp_path: Path) -> None:
    script = """
def writable(path):
    try:
        os.close(os.open(path, os.O_WRONLY))
    except OSError:
        return False
    return True
disks = [n for n in os.listdir('/dev') if n.startswith(('sd', 'vd', 'nvme', 'loop'))]
say(writable('/proc/sys/kernel/core_pattern'), writable('/proc/sysrq-trigger'),
    disks, writable('/dev/null'))
"""
    if is_full():
        assert say(script, tmp_path).lines == (b"(False, False, [], True)",)


def test_it_gains_no_privileges(tmp_path: Path) -> None:
    if sandbox.confinement().level == "none":
        return
    script = (
        "lines = open('/proc/self/status').read().splitlines()\n"
        "say([l.split()[1] for l in lines if l.startswith('NoNewPrivs')])"
    )
    assert say(script, tmp_path).lines == (b"(['1'],)",)


def test_much_can_be_given_and_stands_on_no_command_line(tmp_path: Path) -> None:
    much = b"secret" * 200_000
    script = (
        "given = os.fdopen(int(sys.argv[2]), 'rb').read()\n"
        "line = open('/proc/self/cmdline', 'rb').read()\n"
        "say(len(given), b'secret' * 2 in line)"
    )
    assert say(script, tmp_path, given=much).lines == (b"(1200000, False)",)


def test_the_end_of_a_program_is_told(level: str, tmp_path: Path) -> None:
    assert say("sys.exit(3)", tmp_path).code == 3
    script = "import signal; os.kill(os.getpid(), signal.SIGKILL)"
    killed = say(script, tmp_path).code
    assert killed == (-9 if level == "none" else 128 + signal.SIGKILL)


def test_a_program_that_is_not_there_is_an_error(level: str, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        sandbox.ask(
            ["/nowhere/python"],
            expected=1,
            timeout_s=60,
            variables={},
            folder=tmp_path,
        )


def test_what_must_be_confined_is_not_started_where_it_cannot(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for most in ("part", "none"):
        monkeypatch.setattr(sandbox, "_MOST", most)
        answer = sandbox.ask(
            [sys.executable, "-c", f"open({str(tmp_path / 'ran')!r}, 'w')"],
            expected=1,
            timeout_s=60,
            variables=dict(os.environ),
            folder=tmp_path,
            needed="full",
        )
        assert answer.confinement.level == "none"
        assert answer.confinement.reason
    assert list(tmp_path.iterdir()) == []


def test_a_tree_that_goes_on_is_ended_with_its_answer(
    level: str, tmp_path: Path
) -> None:
    mark = f"mark-{os.getpid()}-{tmp_path.name}"
    script = f"""
import subprocess
for apart in (False, True):
    child = "import os; os.close(1); os.close(2); print(end=''); import time\\n"
    subprocess.Popen([sys.executable, "-c", child + "time.sleep(600)", {mark!r}],
                     start_new_session=apart)
say("done")
import time; time.sleep(600)
"""
    assert say(script, tmp_path).lines == (b"('done',)",)
    left = [one for one in psutil.process_iter() if _mentions(one, mark)]
    assert left == []


def _mentions(process: psutil.Process, text: str) -> bool:
    try:
        return process.status() != "zombie" and text in process.cmdline()
    except psutil.Error:
        return False


def test_many_threads_may_ask_at_once(tmp_path: Path) -> None:
    answers: list[sandbox.Answer] = []
    threads = [
        threading.Thread(target=lambda: answers.append(say("say(1)", tmp_path)))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.lines for answer in answers] == [(b"(1,)",)] * 6
