"""Print the modules that run for a command line: what a reader would have to open to follow it.

    python tools/journey.py [--package compiler/sailwright] lint m.yaml --select destination-host-unknown

Counts the modules of the package `sailwright` (not the rules, not the templates) of which a function ran, or the body of a class, seen
by sys.setprofile. That a module was imported alone does not count. What the command prints goes to standard error.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from contextlib import redirect_stdout
from pathlib import Path
from types import FrameType

PACKAGE = Path(__file__).parent.parent / "compiler" / "sailwright"
MODULE = "<module>"
"""The name of the code of a module itself."""


def journey(arguments: list[str], package: Path = PACKAGE) -> Counter[str]:
    """Run a command line in this process; how many calls there were in each module, by its path in the package."""
    calls: Counter[str] = Counter()
    root = f"{package.resolve()}{os.sep}"

    def seen(frame: FrameType, event: str, _argument: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_name != MODULE and code.co_filename.startswith(root):
            calls[code.co_filename.removeprefix(root)] += 1

    sys.setprofile(seen)
    try:
        from sailwright.cli import main as run

        with redirect_stdout(sys.stderr):
            run(arguments)
    finally:
        sys.setprofile(None)
    return calls


def main(arguments: list[str]) -> None:
    """Print the modules in the order of their paths, then the two figures."""
    package = PACKAGE
    if arguments[:1] == ["--package"]:
        package = Path(arguments[1])
        arguments = arguments[2:]
    sys.path.insert(0, str(package.parent))
    for root in ("policies", "templates"):
        sys.path.insert(0, str(package.parent.parent / root))
    calls = journey(arguments, package)
    for module, count in sorted(calls.items()):
        print(f"{count:8}  {module}")
    print(f"{len(calls)} modules, {len({Path(module).parts[0] for module in calls})} rooms")


if __name__ == "__main__":
    main(sys.argv[1:])
