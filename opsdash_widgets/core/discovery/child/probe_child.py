"""Run a module as ``python -m module --help`` would, and tell its parser.

Started by its path in the target interpreter, with the descriptor to answer on, how
far it is confined (``full``, ``part``, ``none``) and a JSON request as its arguments.
Standard library only, Python 3.8 or later.

The request holds ``module``, ``folder`` (what ``python -m`` would have first on the
path), ``argv``, ``mode`` (``help``: leave where help is asked for; ``parse``: leave at
the first parse; ``hook``: call the module's ``build_parser()``), ``timeout_s`` and
``asked_at``, the time on the monotonic clock that it counts from. The answer is one
JSON object with a ``status``.
"""

from __future__ import annotations

import json
import os
import sys
import types

_SIBLINGS = "_opsdash_probe"


def main() -> None:
    """Answer one request."""
    if sys.version_info < (3, 8):  # noqa: UP036 - whatever the user chose runs this
        sys.exit("Python 3.8 or newer is needed.")
    answer_on = int(sys.argv[1])
    request = {**json.loads(sys.argv[3]), "confined": sys.argv[2] == "full"}
    os.set_inheritable(answer_on, False)
    here = os.path.dirname(os.path.abspath(__file__))
    package = types.ModuleType(_SIBLINGS)
    package.__path__ = [here]
    sys.modules[_SIBLINGS] = package
    if sys.path and os.path.abspath(sys.path[0]) == here:
        del sys.path[0]
    from _opsdash_probe import session  # type: ignore[import-not-found] # made above

    session.Session(answer_on, request).run()


if __name__ == "__main__":
    main()
