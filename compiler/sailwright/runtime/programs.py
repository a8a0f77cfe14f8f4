"""Other programs come from the absolute folders of PATH, never from the folder that we happen to be in."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from subprocess import CompletedProcess


def find_program(name: str) -> str | None:
    """The path of a program on PATH; None where there is none."""
    if os.name == "nt":
        import shutil

        return shutil.which(name, path=absolute_path())
    paths = (os.path.join(folder, name) for folder in absolute_path().split(os.pathsep) if folder)
    return next((path for path in paths if os.path.isfile(path) and os.access(path, os.X_OK)), None)


def absolute_path() -> str:
    """PATH without its relative entries: an empty one, or `.`, means the folder at hand, which may be a stranger's."""
    entries = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return os.pathsep.join(entry for entry in entries if os.path.isabs(entry))


def completed(
    command: Sequence[str], seconds: float, environment: Mapping[str, str] | None = None
) -> CompletedProcess[bytes]:
    """Run a program to its end, with nothing on standard input; whatever it started ends with it.

    Raises OSError where it cannot be run, and subprocess.TimeoutExpired where it takes longer than `seconds`.
    """
    import signal
    import subprocess

    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment,
        start_new_session=True,
    )  # fmt: skip
    try:
        output, errors = process.communicate(timeout=seconds)
    except BaseException:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise
    return subprocess.CompletedProcess(command, process.returncode, output, errors)
