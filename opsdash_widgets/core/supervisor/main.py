"""The supervisor: starts or adopts the job of a run directory, and owns it."""

from __future__ import annotations

import os
import sys
import time

from . import cgroup, process, records
from .job import Job, failure, take_lock
from .process import WAKE, signal

TYPE_CHECKING = False  # importing typing would cost 8 ms of every start
if TYPE_CHECKING:
    from typing import Any, NoReturn

    from .supervision import Supervision

ADOPT = "--adopt"
"""In place of the lock's descriptor: the job was started by a supervisor that has died.

The adopter sees it through. Where it has ended already, it records the end as far as it
is known and ends what is left of the tree.
"""

ADOPTER_PATIENCE_S = 0.5
"""How long one who only asks may keep the lock from an adopter; others adopt, too."""

ALREADY_SUPERVISED = 75
"""Exit code (``EX_TEMPFAIL``) when another supervisor holds the lock."""
NOT_STARTED = 127
"""Exit code when the job could not be started, as a shell's for "not found"."""


def main(argv: list[str]) -> NoReturn:
    """Supervise the run of a run directory.

    Signals ask for a stop where ``control.json`` cannot (a full disk, a machine that
    goes down): SIGTERM and SIGINT for the whole ladder, SIGQUIT for its last rung.

    Args:
        argv: the script, the run directory, and (optional) a descriptor on which the
            launcher already holds the lock, or ``--adopt``, and one that holds a place
            among the runs that are starting. Secret values are read from standard input
            where the spec names any.
    """
    run_dir, how = argv[1], argv[2] if len(argv) > 2 else ""
    dir_fd = os.open(run_dir, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    _prepare_signals()  # first: who reads the signed lock may send one at once
    cgroup.leave_others()
    if how == ADOPT:
        os._exit(_adopt(dir_fd, run_dir))
    _sign_lock(int(how) if how else _take_lock(dir_fd))
    process.become_subreaper()
    try:
        spec = records.loads_dict(records.read_text(dir_fd, "spec.json") or "")
        slot = records.reserve_slot(dir_fd)
        job = Job(dir_fd, run_dir, spec, int(argv[3]) if len(argv) > 3 else -1)
        error = job.start(_read_secrets(spec))
    except Exception as problem:
        _refuse(dir_fd, problem)
        raise
    # From here on the job runs: whatever ends us now, an adopter sees it through.
    os._exit(_of_own_job(dir_fd, slot, spec, job).see_through(error))


def _of_own_job(dir_fd: int, slot: int, spec: dict[str, Any], job: Job) -> Supervision:
    # Only now: the job is on its way, and these take a few milliseconds to import.
    from .attribution import Sampler
    from .supervision import Supervision
    from .tree import Tree

    tree = Tree(os.getpid(), job.cgroup)
    tree.leader = job.pid
    notes = records.open_append_if_possible(dir_fd, "output.fpos")
    output = Sampler(job.out_fd, job.err_fd, notes)
    started = time.clock_gettime(time.CLOCK_BOOTTIME)
    return Supervision(dir_fd, slot, spec, job, tree, output, started)


def _adopt(dir_fd: int, run_dir: str) -> int:
    """See a run through whose supervisor has died; the exit code for this process.

    Whatever its job has made of the files there does not keep it from being adopted.
    """
    from .adoption import Orphan, SizeWatch, read_child
    from .supervision import Supervision
    from .tree import Tree

    lock = _take_lock(dir_fd, ADOPTER_PATIENCE_S)
    child = read_child(dir_fd)
    if child is None:
        return ALREADY_SUPERVISED  # it never began, or lives elsewhere
    _sign_lock(lock)
    job = Orphan(dir_fd, os.path.basename(os.path.normpath(run_dir)), child)
    tree = Tree(0, job.cgroup, job.known)
    notes = records.open_append_if_possible(dir_fd, "output.fpos")
    output = SizeWatch(job.out_fd, notes)
    ended = _has_record(dir_fd)
    slot = -1 if ended else _slot_if_possible(dir_fd)
    spec, started = _spec_if_possible(dir_fd), child["started_boot"]
    supervision = Supervision(dir_fd, slot, spec, job, tree, output, started)
    if ended:
        supervision.end_leftovers()
        return 0
    return supervision.see_through()


def _has_record(dir_fd: int) -> bool:
    """Whether its end is recorded: a job may put anything there."""
    try:
        return "code" in records.loads_dict(
            records.read_text(dir_fd, "exit.json") or ""
        )
    except ValueError:
        return False


def _slot_if_possible(dir_fd: int) -> int:
    try:
        return records.reserve_slot(dir_fd)
    except OSError:  # the exit record is then written without
        return -1


def _spec_if_possible(dir_fd: int) -> dict[str, Any]:
    try:
        return records.loads_dict(records.read_text(dir_fd, "spec.json") or "")
    except ValueError:
        return {}


def _prepare_signals() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, WAKE)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    # Ignored in the launcher, it would be here: children would vanish without a code.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def _take_lock(dir_fd: int, patience_s: float | None = None) -> int:
    fd = records.open_append(dir_fd, "lock")
    try:
        take_lock(fd, patience_s)
    except BlockingIOError:
        records.complain("another supervisor owns this run")
        os._exit(ALREADY_SUPERVISED)
    return fd


def _sign_lock(lock: int) -> None:
    """Say who holds the lock, so that a stop can wake it: pid, start ticks, boot id."""
    os.set_inheritable(lock, False)
    ticks = process.start_ticks("self")
    try:
        os.ftruncate(lock, 0)
        os.write(lock, f"{os.getpid()} {ticks} {process.boot_id()}\n".encode())
    except OSError:
        return  # a full disk: the lock itself is held all the same


def _refuse(dir_fd: int, error: Exception) -> None:
    """Record that nothing was started and why, as far as that can be written."""
    from .supervision import exit_record

    what = "secret arguments" if isinstance(error, EOFError) else "run folder"
    record = exit_record(failure(what, error), NOT_STARTED)
    try:
        records.write_new(dir_fd, "exit.json", record)
    except OSError:
        return


def _read_secrets(spec: dict[str, Any]) -> bytes:
    """The values of the secret arguments, as JSON, from the launcher.

    Raises:
        EOFError: the launcher died before it handed them over.
    """
    names = spec.get("secret_names") or ()
    if not any(name.startswith("argument ") for name in names):
        return b""
    secrets = sys.stdin.buffer.read()
    if not secrets.endswith(b"\n"):  # ends what is whole; JSON holds none elsewhere
        raise EOFError("the launcher died before it handed them over")
    return secrets
