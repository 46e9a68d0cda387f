"""A kill by the kernel for lack of memory, told from any other kill."""

from __future__ import annotations

from opsdash_widgets.core.supervisor.oom import OutOfMemory, killed_in

# Records of /dev/kmsg as Linux 5.10, 6.1 and 6.18 have written them.
GLOBAL = (
    b"3,1042,91823711,-;Out of memory: Killed process 4711 (python3) "
    b"total-vm:9123456kB, anon-rss:8012344kB, file-rss:128kB, shmem-rss:0kB, "
    b"UID:1000 pgtables:15820kB oom_score_adj:0\n"
)
IN_GROUP = (
    b"3,1043,91999999,-;Memory cgroup out of memory: Killed process 4712 (python) "
    b"total-vm:223456kB, anon-rss:201232kB, file-rss:3232kB, shmem-rss:0kB, UID:0 "
    b"pgtables:520kB oom_score_adj:0\n"
)
OLD = b"3,7,123,-;Out of memory: Killed process 4713, UID 1000, (python) total-vm:1kB\n"
OTHER = b"6,8,124,-;EXT4-fs (vda): Killed process\n"
LOG = [OTHER, GLOBAL, IN_GROUP, OLD]


def test_the_kernels_log_names_who_was_killed_and_why() -> None:
    assert killed_in(LOG, {4711}) == "kernel"
    assert killed_in(LOG, {1, 4712}) == "cgroup"
    assert killed_in(LOG, {4713}) == "kernel"


def test_a_log_that_does_not_name_it_says_nothing() -> None:
    assert killed_in(LOG, {471}) == ""
    assert killed_in([], {4711}) == ""


def test_a_log_that_cannot_be_read_is_not_an_answer() -> None:
    assert killed_in(None, {4711}) is None


def test_a_machine_that_has_killed_nothing_is_not_asked_further() -> None:
    assert OutOfMemory().found([1]) == ""
