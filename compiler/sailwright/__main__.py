"""`python -m sailwright`, and the entry point of the console script."""

import gc
import os
import sys
from contextlib import suppress


def run() -> None:
    """Run the command line and leave with its exit status."""
    from sailwright.cli import main

    gc.disable()  # a run is short and makes few cycles; looking for them through thousands of files costs a quarter of it
    status = main(sys.argv[1:])
    with suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)  # nothing is left to do: to take a world of thousands of objects apart costs a tenth of the run


if __name__ == "__main__":
    run()
