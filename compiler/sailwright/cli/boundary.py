"""The one place where failures become a line on stderr and an exit status.

0 fine · 1 findings, or stale output · 2 flags, paths, project file · 3 I/O, a crashed rule, an absent tool · 130/143 signals.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from importlib import import_module
from types import FrameType

from sailwright.runtime.errors import Failure

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    import click


class _Terminated(BaseException):
    """SIGTERM, raised where it is received so that temporaries are removed on the way out."""


def guarded(run: Callable[[], Any], named: str = "sailwright") -> int:
    """Run a command; commands return their exit status. `named` is whose `--help` a mistake in its arguments refers to."""
    signals = _signals()
    signals.signal(signals.SIGTERM, _terminate)
    try:
        status = run()
        sys.stdout.flush()
    except Failure as failure:
        return _tell(failure.message, failure.status)
    except KeyboardInterrupt:
        return 130
    except _Terminated:
        return 143
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left: nothing more to say
        return 0
    except OSError as error:
        return _tell(_io(error), 3)
    except MemoryError:
        return _tell("there is not enough memory for this input: split it, or try -j 1", 3)
    except RecursionError:
        return _tell("the input is nested too deeply: flatten it", 3)
    except Exception as error:  # noqa: BLE001  # the boundary: a bug is reported in one line, never as a traceback
        told = _by_click(error, named)
        return _bug(error) if told is None else told
    return status if isinstance(status, int) else 0


def _signals() -> Any:
    """What is below the module `signal`, where there is such a part: the numbers without their names, which take long to load."""
    try:
        return import_module("_signal")
    except ImportError:
        return import_module("signal")


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    raise _Terminated


def _tell(message: str, status: int) -> int:
    from sailwright.diagnostics.report.clean import printable

    print(f"sailwright: {printable(message)}", file=sys.stderr, flush=True)
    return status


def _by_click(error: Exception, named: str) -> int | None:
    """The status for what click raises; None for anything else."""
    if "click" not in sys.modules:
        return None
    import click

    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, click.Abort):
        return 130
    return _usage(error, named) if isinstance(error, click.ClickException) else None


def _usage(error: click.ClickException, named: str) -> int:
    import click

    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return 2
    where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else named
    message = error.format_message().rstrip(".").replace("\n\t", " ")  # click lists choices on lines of their own
    return _tell(f"{message} (see `{where} --help`)", 2)


def _io(error: OSError) -> str:
    if error.errno == errno.EBADF and error.filename is None:
        return "standard output is closed, so there is nowhere to print the result: open it, or write to a file"
    place = f"{error.filename}: " if error.filename else ""
    return f"{place}{error.strerror or error}"


def _bug(error: Exception) -> int:
    if os.environ.get("SAILWRIGHT_DEBUG"):
        raise error
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    place = f" at {os.path.basename(frame.tb_frame.f_code.co_filename)}:{frame.tb_lineno}" if frame else ""
    detail = f"{type(error).__name__}: {error}"
    return _tell(f"a fault of sailwright itself{place}: {detail} (SAILWRIGHT_DEBUG=1 shows more; please report it)", 3)
