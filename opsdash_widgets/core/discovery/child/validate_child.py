"""Run a module up to its parse with real arguments, and tell what its parser says.

Started by its path in the target interpreter, under an overlay, with the descriptor to
answer on and the one that holds the request. Standard library only, Python 3.8 or
later.

The request holds ``module``, ``folder``, ``argvs`` (a list of lists), ``ids`` (of the
arguments of the parser that is meant) and ``timeout_s``. The answer is a line ``{}``,
one JSON object for each argv that was tried (``index``, ``accepted``, ``message``,
``fields``, ``changed``), and a line ``end``.
"""

from __future__ import annotations

import json
import os
import sys
import types

_SIBLINGS = "_opsdash_probe"


def main() -> None:
    """Answer one request."""
    answer_on, given = int(sys.argv[1]), int(sys.argv[2])
    os.set_inheritable(answer_on, False)
    with os.fdopen(given, "rb") as held:
        request = json.load(held)
    here = os.path.dirname(os.path.abspath(__file__))
    package = types.ModuleType(_SIBLINGS)
    package.__path__ = [here]
    sys.modules[_SIBLINGS] = package
    if sys.path and os.path.abspath(sys.path[0]) == here:
        del sys.path[0]
    from _opsdash_probe import validate_run  # type: ignore[import-not-found] # made above

    validate_run.run(answer_on, request)


if __name__ == "__main__":
    main()
