"""The one process that owns one run, and what runs inside the job before the module.

Started as ``python -I -S supervisor.py RUN_DIR``. Standard library only, and little of
it: ``json``, ``signal`` (for its enums) and ``subprocess`` together double the start-up
time and the memory of a process of which there may be hundreds.
"""
