"""Print the modules whose functions run for a command line: what a reader would have to open to follow it.

    python tools/journey.py [--names] lint m.yaml --select destination-host-unknown

Counts the modules of the package `sailwright` (not the rules, not the templates) of which a function was called; that a module
was imported alone does not count. What the command prints goes to standard error. `--package DIR` measures another tree.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from contextlib import redirect_stdout
from pathlib import Path
from types import FrameType

PACKAGE = Path(__file__).parent.parent / "compiler" / "sailwright"
NOT_WRITTEN = ("<module>", "<genexpr>", "<listcomp>", "<lambda>")
"""Code that runs as a part of what stands around it; a class body has the name of its class and is told by its flags."""
OPTIMIZED = 0x1
"""The flag of code objects that belong to a function, not to a module or the body of a class (inspect.CO_OPTIMIZED)."""


def journey(arguments: list[str], package: Path = PACKAGE) -> Counter[str]:
    """Run a command line in this process; how many function calls there were in each module, by its path in the package."""
    calls: Counter[str] = Counter()
    root = f"{package.resolve()}{os.sep}"

    def seen(frame: FrameType, event: str, _argument: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_flags & OPTIMIZED and code.co_filename.startswith(root):
            calls[code.co_filename.removeprefix(root)] += 1

    from sailwright.cli import main

    sys.setprofile(seen)
    try:
        with redirect_stdout(sys.stderr):
            main(arguments)
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
