"""Run a program that renders text, with nothing on standard input, a time limit and no way to the network."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from sailwright.runtime.errors import Failure
from sailwright.runtime.programs import completed

TIME_LIMIT = 60.0
"""Seconds for one program."""
_NOWHERE = "http://127.0.0.1:9"
_KEPT = ("HOME", "PATH", "SYSTEMROOT", "TMPDIR", "USERPROFILE", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")
_FIXED = {
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"), _NOWHERE),
    **dict.fromkeys(("NO_PROXY", "no_proxy"), ""),
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_SSH_COMMAND": "false",
    "GIT_TERMINAL_PROMPT": "0",
    "KUBECONFIG": os.devnull,
    "LC_ALL": "C",
}
"""No proxy leads anywhere, git may use no protocol, and no cluster is known."""


def printed_by(command: Sequence[str], seconds: float = TIME_LIMIT) -> bytes:
    """What a program prints. Raises Failure (status 3) with the last line of what it says where it fails or takes too long."""
    environment = {key: os.environ[key] for key in _KEPT if key in os.environ} | _FIXED
    shown = " ".join((os.path.basename(command[0]), *command[1:]))
    try:
        done = completed(command, seconds, environment)
    except OSError as error:
        raise Failure(f"{shown}: cannot be run: {error.strerror}", 3) from None
    except subprocess.TimeoutExpired:
        raise Failure(f"{shown}: no answer within {seconds:g} s", 3) from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["it says nothing"]
        raise Failure(f"{shown}: {said[-1]}", 3)
    return done.stdout
