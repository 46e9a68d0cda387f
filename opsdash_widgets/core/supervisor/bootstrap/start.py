"""The script that a Python job is started with; it leaves ``__main__`` as it found it.

``python start.py RUN_DIR SECRETS_FD MODULE [ARGUMENT ...]``
"""

if __name__ == "__main__":
    import sys

    # sys.path[0] is this file's folder; the module's run replaces it, as -m would.
    from in_child import run  # type: ignore[import-not-found]  # found by path

    sys.modules.pop("in_child")
    run(sys.argv)
