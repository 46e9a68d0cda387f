"""The script that a Python job is started with; it leaves ``__main__`` as it found it.

``python start.py RUN_DIR DESCRIPTORS MODULE [ARGUMENT ...]``
"""

if __name__ == "__main__":
    import os
    import sys

    # Where the path is "safe" (-P, PYTHONSAFEPATH), a script's folder is not on it.
    safe = getattr(sys.flags, "safe_path", False)
    if safe:
        sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    from in_child import run  # type: ignore[import-not-found]  # found by path

    for name in ("in_child", "noting", "ending"):
        del sys.modules[name]
    del sys.path[0]
    run(sys.argv, safe)
