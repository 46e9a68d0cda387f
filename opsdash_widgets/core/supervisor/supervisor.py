"""The script that is started: puts this package on the path and runs it."""

import os
import sys

if __name__ == "__main__":
    # Appended, not inserted: nothing here may shadow the standard library.
    sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    from supervisor.main import main  # type: ignore[import-not-found]  # as above

    main(sys.argv)
