"""Read many sources for a listing: one of several processes that share the work.

Started by its path, with ``{"roots": [...], "files": [[name, path, is_main, init],
...]}`` as JSON on stdin; answers on stdout with a list of readings.
"""

from __future__ import annotations

import json
import os
import sys
import types

_SIBLINGS = "_opsdash_probe"


def main() -> None:
    """Answer one request."""
    package = types.ModuleType(_SIBLINGS)
    package.__path__ = [os.path.dirname(os.path.abspath(__file__))]
    sys.modules[_SIBLINGS] = package
    from _opsdash_probe import decide, locate  # type: ignore[import-not-found] # made above

    request = json.load(sys.stdin)
    answers = [
        decide.quickly(name, locate.Located(path, is_main, init=init), request["roots"])
        for name, path, is_main, init in request["files"]
    ]
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
