"""The entry points of the console scripts, and `python -I -m sailwright`."""

import gc
import sys

from sailwright.runtime.own_modules import find_own_modules_at_once
from sailwright.runtime.safe_path import leave_out_the_folder_at_hand
from sailwright.runtime.streams import leave, open_streams


def run() -> None:
    """Run the command line and leave with its exit status."""
    leave_out_the_folder_at_hand()
    open_streams()
    find_own_modules_at_once()
    from sailwright.cli import main

    gc.disable()  # a run is short and makes few cycles; looking for them through thousands of files costs a quarter of it
    leave(main(sys.argv[1:]))


def hook() -> None:
    """Run the pre-commit hook on the arguments of the process and leave with its exit status."""
    leave_out_the_folder_at_hand()
    open_streams()
    find_own_modules_at_once()
    from sailwright.cli.hook import run as run_hook

    gc.disable()
    leave(run_hook(sys.argv[1:]))


if __name__ == "__main__":
    run()
