"""`python -m sailwright`, and the entry point of the console script."""

import gc
import sys


def run() -> None:
    """Run the command line and leave with its exit status."""
    from sailwright.cli import main

    gc.disable()  # a run is short and makes few cycles; looking for them through thousands of files costs a quarter of it
    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
