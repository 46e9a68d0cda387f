"""Whether a path lies on a network file system, where SQLite's locks are not safe."""

from __future__ import annotations

import re
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")

NETWORK_TYPES = frozenset(
    {
        "9p2000.L", "acfs", "afs", "beegfs", "ceph", "cifs", "coda", "fhgfs", "gfs",
        "gfs2", "glusterfs", "gpfs", "lustre", "ncpfs", "nfs", "nfs4", "ocfs2",
        "orangefs", "panfs", "pvfs2", "smb2", "smb3", "smbfs", "wekafs",
        "fuse.beegfs", "fuse.ceph", "fuse.cephfs", "fuse.davfs", "fuse.gcsfuse",
        "fuse.glusterfs", "fuse.juicefs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs",
    }
)  # fmt: skip
"""Types as mountinfo(5) names them."""

_OCTAL = re.compile(r"\\([0-7]{3})")  # mountinfo(5): space, tab, newline, backslash


def network_type(path: Path, mounts: Path = MOUNTS) -> str:
    """The network file system that a path lies on, or an empty string.

    Args:
        path: need not exist.
        mounts: a file in the form of ``/proc/self/mountinfo``.
    """
    try:
        lines = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ""
    target = path.resolve()
    best, kind = -1, ""
    for line in lines:
        before, _, after = line.partition(" - ")
        point = Path(_OCTAL.sub(lambda code: chr(int(code[1], 8)), before.split()[4]))
        # The last mount on a point hides the ones before it, hence >=.
        if target.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), after.split()[0]
    return kind if kind in NETWORK_TYPES else ""
