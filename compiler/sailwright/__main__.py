"""`python -m sailwright`, and the entry point of the console script."""

import sys


def run() -> None:
    """Run the command line and leave with its exit status."""
    from sailwright.cli import main

    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
