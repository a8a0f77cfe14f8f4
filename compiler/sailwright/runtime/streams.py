"""The standard streams, whatever state they are in: closed, or of an encoding that lacks characters."""

import os
import sys


def open_streams() -> None:
    """Make the three streams usable.

    A closed one is opened on the null device, so that no file of ours gets its number: input is empty, messages are dropped, and
    a result that cannot be printed is an OSError (EBADF). Characters that an encoding lacks are spelled out.
    """
    if sys.stdin is None:
        _occupy(0, os.O_RDONLY)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  # for the whole run
    if sys.stdout is None:
        _occupy(1, os.O_RDONLY)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        _occupy(2, os.O_WRONLY)
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def write_utf8(text: str) -> None:
    """Print text for a program: UTF-8, whatever the terminal shows."""
    binary = getattr(sys.stdout, "buffer", None)
    if binary is None:
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    binary.write(text.encode("utf-8", "backslashreplace"))
    binary.flush()


def leave(status: int) -> None:
    """End the process: to take a world of thousands of objects apart costs a tenth of the run."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (OSError, ValueError):
            status = status or 3
    os._exit(status)


def _occupy(number: int, flags: int) -> None:
    try:
        os.fstat(number)
    except OSError:
        opened = os.open(os.devnull, flags)
        if opened != number:
            os.dup2(opened, number)
            os.close(opened)
