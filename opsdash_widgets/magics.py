"""The magics ``%oprun`` and ``%%oprun``: known to IPython as soon as it imports us.

Only their names and their words are here, so that importing the package stays light;
``cell.magics`` does the work.
"""

from __future__ import annotations

import sys
from typing import Any


def oprun(line: str, cell: str | None = None) -> Any:
    """Launch a module as a detached run, as on a command line.

    ``%oprun [OPTIONS] MODULE ARGUMENTS`` takes the arguments as a shell would split
    them; the run's handle is its value::

        %oprun runners.price_options --spot 101.5 --paths 200000
        run = %oprun --env UAT runners.var_report --curve-set eod

    ``%%oprun [OPTIONS] MODULE`` takes one argument a line. What follows an option is
    its value as it stands: it needs no quotes, unless it begins or ends with a space.
    Empty lines and lines that begin with ``#`` are left out::

        %%oprun runners.price_options
        # the desk's usual underlying
        --spot 101.5
        --title Month end, all desks

    ``$name`` and ``{expression}`` stand for values of this notebook, in both; ``{{``
    and ``}}`` for braces.

    Options, before the module's name:

    --preset NAME       the values of a preset; arguments after it win over it
    --env NAME          a named environment (DEV, UAT ...)
    --python PYTHON     another interpreter
    --requested-by NAME who asked
    --time-limit TIME   end it after that time (90s, 15m, 2h)
    --memory-limit SIZE end it when its processes hold more memory (512M, 2G)
    --output-limit SIZE end it when it has printed more
    --log-limit SIZE    keep so much of its log: the middle is cut out
    --yes               confirm a launch in production
    --detach            show one line instead of the live card
    --wait              return when the run has ended
    --as NAME           also keep the run in a variable
    """
    from .cell import magics

    return magics.oprun(line, cell)


def register(shell: Any) -> None:
    """Let a shell know the magics; it may be done twice."""
    shell.register_magic_function(oprun, "line_cell", "oprun")


def register_if_interactive() -> None:
    """Let the shell that imports the package know them; elsewhere nothing happens."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is not None:
        register(shell)
