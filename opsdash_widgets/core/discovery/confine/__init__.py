"""Start a program that can change nothing outside of itself (Linux).

Run by our own interpreter, by path, without site packages: what a probe costs hangs on
how little is imported here. ``run`` makes the namespaces, ``layout`` lays an overlay
over the file system, ``devices`` the few devices, ``kernel`` holds the calls.
"""
