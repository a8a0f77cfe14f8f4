"""The command line: flags in, exit statuses out. One thin module per command, imported only when it is called.

Floor 8. In: arguments. Out: options for the command of the same name in `commands`, then its report on standard output.
Begin with command_names.py, then group.py and lint.py; boundary.py turns failures into one line and an exit status.
"""

from __future__ import annotations


def main(arguments: list[str]) -> int:
    """Run one command; the exit status, whatever happens: never a traceback."""
    from sailwright.cli.boundary import guarded
    from sailwright.cli.without_flags import without_flags

    if run := without_flags(arguments):
        return guarded(run, f"sailwright {arguments[0]}")
    from sailwright.cli.group import run_group

    return guarded(lambda: run_group(arguments))
