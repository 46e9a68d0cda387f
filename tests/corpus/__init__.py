"""Real command lines, to measure against: what `python -m …` shows is the truth.

The packages are those of the extra ``corpus``; they are installed, hash-locked, into
an environment of their own that does not have ours (``make test`` makes it).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NamedTuple

INTERPRETER = os.environ.get(
    "OPSDASH_CORPUS_PYTHON", str(Path(sys.prefix, "corpus", "bin", "python"))
)
"""The Python that has the packages of the corpus."""


class CommandLineCase(NamedTuple):
    """One command line of the corpus.

    Attributes:
        module: as after ``python -m``.
        package: the distribution that it comes from; empty for the standard library.
        kind: how it takes its arguments (a ``Kind``).
    """

    module: str
    package: str = ""
    kind: str = "argparse"


_STANDARD_LIBRARY = (
    *("ast", "calendar", "compileall", "dis", "doctest", "ensurepip", "gzip"),
    *("http.server", "inspect", "json.tool", "pickle", "pickletools"),
    *("py_compile", "tarfile", "tokenize", "trace", "unittest", "venv"),
    *("zipapp", "zipfile"),
)
_STANDARD_PLAIN = ("base64", "cProfile", "pydoc", "timeit", "webbrowser")
_INSTALLED = (
    ("add_trailing_comma", "add-trailing-comma"),
    ("aiosmtpd", "aiosmtpd"),
    ("asciinema", "asciinema"),
    ("autoflake", "autoflake"),
    ("autopep8", "autopep8"),
    ("bandit", "bandit"),
    ("build", "build"),
    ("bumpversion", "bump2version"),
    ("codespell_lib", "codespell"),
    ("commonmark.cmark", "commonmark"),
    ("cowsay", "cowsay"),
    ("crossplane", "crossplane"),
    ("darglint.driver", "darglint"),
    ("diff_cover.diff_cover_tool", "diff-cover"),
    ("doc8", "doc8"),
    ("docformatter", "docformatter"),
    ("docutils", "docutils"),
    ("dodgy", "dodgy"),
    ("eradicate", "eradicate"),
    ("flake8", "flake8"),
    ("flynt", "flynt"),
    ("gunicorn", "gunicorn"),
    ("honcho", "honcho"),
    ("html2text", "html2text"),
    ("hypercorn", "hypercorn"),
    ("isort", "isort"),
    ("json5", "json5"),
    ("jsonschema", "jsonschema"),
    ("lark.tools.standalone", "lark"),
    ("lizard", "lizard"),
    ("mako.cmd", "mako"),
    ("markdown_it.cli.parse", "markdown-it-py"),
    ("markdownify.main", "markdownify"),
    ("mdformat", "mdformat"),
    ("nose2", "nose2"),
    ("nox", "nox"),
    ("pdoc", "pdoc"),
    ("pre_commit", "pre-commit"),
    ("pyflakes", "pyflakes"),
    ("pygments", "pygments"),
    ("pylint", "pylint"),
    ("pyment.pymentapp", "pyment"),
    ("pyupgrade", "pyupgrade"),
    ("radon", "radon"),
    ("reorder_python_imports", "reorder-python-imports"),
    ("rich.syntax", "rich"),
    ("rich_argparse", "rich-argparse"),
    ("serial.tools.miniterm", "pyserial"),
    ("speedtest", "speedtest-cli"),
    ("sqlparse", "sqlparse"),
    ("virtualenv", "virtualenv"),
    ("vulture", "vulture"),
    ("websockets", "websockets"),
    ("xlsx2csv", "xlsx2csv"),
    ("yamllint", "yamllint"),
    ("yapf", "yapf"),
)

COMMAND_LINES: tuple[CommandLineCase, ...] = (
    *(CommandLineCase(module) for module in _STANDARD_LIBRARY),
    *(CommandLineCase(module, package) for module, package in _INSTALLED),
)
"""Command lines with an argparse parser."""

OTHER_MODULES: tuple[CommandLineCase, ...] = tuple(
    CommandLineCase(module, kind="plain") for module in _STANDARD_PLAIN
)
"""Modules without one."""
