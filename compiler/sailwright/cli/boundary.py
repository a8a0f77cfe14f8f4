"""The one place where failures become a line on stderr and an exit status.

0 fine · 1 findings, or stale output · 2 flags, paths, project file · 3 I/O, a crashed rule, an absent tool · 130/143 signals.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from types import FrameType

import click

from sailwright.runtime.errors import Failure


class _Terminated(BaseException):
    """SIGTERM, raised where it is received so that temporaries are removed on the way out."""


def guarded(command: click.Command, arguments: list[str]) -> int:
    """Run a click command; commands return their exit status."""
    signal.signal(signal.SIGTERM, _terminate)
    try:
        status = command.main(arguments, prog_name="sailwright", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.Abort:
        return 130
    except click.ClickException as error:
        return _usage(error)
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
        return _bug(error)
    return status if isinstance(status, int) else 0


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    raise _Terminated


def _tell(message: str, status: int) -> int:
    from sailwright.diagnostics.report.clean import printable

    click.echo(f"sailwright: {printable(message)}", err=True)
    return status


def _usage(error: click.ClickException) -> int:
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return 2
    where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "sailwright"
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
