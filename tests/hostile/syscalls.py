"""What a run asks of the kernel, as strace records it, and the same run with one of those calls failing or never returning."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

STRACE = shutil.which("strace")

WRITING = frozenset(
    (
        "open", "openat", "creat", "write", "pwrite64", "writev", "rename", "renameat", "renameat2", "link", "linkat", "unlink",
        "unlinkat", "mkdir", "mkdirat", "rmdir", "fsync", "fdatasync", "chmod", "fchmod", "fchmodat", "ftruncate", "symlinkat",
    )
)  # fmt: skip
READING = frozenset(("open", "openat", "read", "pread64", "getdents64", "newfstatat", "fstat", "statx", "readlink"))
FAULTS = {"kill": "signal=KILL", "ENOSPC": "error=ENOSPC", "EIO": "error=EIO"}

_CALL = re.compile(r"^(\w+)\((.*)$")
_OPENS = ("open", "openat", "creat")
_ELSEWHERE = re.compile(r'AT_FDCWD<[^>]*>(?=, "/)')
"""The working folder before an absolute path, which does not matter then: such are Python's own, about its modules."""


@dataclass(frozen=True)
class Call:
    """One call of a run: the `number`-th of its name, and what it is about."""

    name: str
    number: int
    text: str
    writes: bool

    def __str__(self) -> str:
        return f"{self.name} #{self.number} {self.text[:150]}"


def traced(folder: Path, log: Path, arguments: tuple[str, ...], *more: str) -> subprocess.CompletedProcess[str]:
    """Run the program, without its children, under strace; nothing that it does depends on chance, so that a call has the same number each time."""
    assert STRACE is not None
    wanted = ",".join(sorted(WRITING | READING))
    tracing = [STRACE, "-qq", "-y", "-s", "0", "-o", str(log), "-e", f"trace={wanted}", "-e", "signal=none", *more]
    command = [*tracing, "--", sys.executable, "-B", "-I", "-m", "sailwright", *arguments]
    env = {**os.environ, "PYTHONHASHSEED": "0"}
    return subprocess.run(
        command, cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False
    )


def calls(log: Path, below: Path) -> Iterator[Call]:
    """The calls about files below a folder, and about what is printed."""
    counts: Counter[str] = Counter()
    for line in log.read_text(errors="replace").splitlines():
        found = _CALL.match(line)
        if not found:
            continue
        name, text = found.groups()
        counts[name] += 1
        printed = name == "write" and re.match(r"[12]<", text)
        if str(below) not in _ELSEWHERE.sub("", text) and not printed:
            continue
        if " = -1 " in text:
            continue
        creates = name not in _OPENS or "O_CREAT" in text or "O_WRONLY" in text
        yield Call(name, counts[name], text.replace(str(below), "."), name in WRITING and creates)


def with_fault(
    folder: Path, log: Path, arguments: tuple[str, ...], call: Call, fault: str
) -> subprocess.CompletedProcess[str]:
    """The same run with a fault at one of its calls."""
    return traced(folder, log, arguments, "-e", f"inject={call.name}:{FAULTS[fault]}:when={call.number}")
