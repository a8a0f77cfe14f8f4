"""The one place that runs git: to read other commits, and to say which files differ from one.

A pull request may bring folders that look like repositories, attributes and submodules. So git never looks for a repository
by itself: the work tree is found here, by its `.git`, and named to it; everything a repository's settings could run is
switched off (https://git-scm.com/docs/git-config: core.fsmonitor, core.hooksPath, filter.*, protocol.allow).
"""

from __future__ import annotations

import os

from sailwright.runtime.errors import Failure
from sailwright.runtime.programs import absolute_path, find_program
from sailwright.runtime.records import dataclass

_PATIENCE = 60
"""Seconds for one git command."""

_SETTINGS = (
    "safe.bareRepository=explicit",
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    "core.quotePath=false",
    "core.untrackedCache=false",
    "diff.ignoreSubmodules=all",
    "protocol.allow=never",
    "submodule.recurse=false",
)

_KEPT = (
    "GIT_CONFIG_COUNT", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_SYSTEM", "GIT_INDEX_FILE", "HOME",
    "HOMEDRIVE", "HOMEPATH", "SYSTEMROOT", "TMPDIR", "USERPROFILE", "XDG_CONFIG_HOME",
)  # fmt: skip
"""What git needs of the environment: where the user's settings are, and the index of the commit that a hook runs for."""

_FIXED = {
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "",
    "GIT_PAGER": "",
    "LC_ALL": "C",
}
"""No fetching, no question, no pattern in a path, no lock, and messages in English."""

_FILTERS = r"^filter\..*\.(clean|smudge|process|required)$"


@dataclass(frozen=True, slots=True)
class WorkTree:
    """A git work tree: its folder `top`, and the way from there to the folder asked about (`inside`, empty or with a final /)."""

    top: str
    inside: str

    def path(self, relative: str) -> str:
        """A path below the folder asked about, as git calls it."""
        joined = os.path.normpath(os.path.join(self.inside, relative)).replace(os.sep, "/")
        return "" if joined == "." else joined

    def run(self, *arguments: str, given: bytes = b"") -> bytes:
        """What a git command that reads no file of the work tree prints. Raises Failure (status 3) in one line."""
        return _run(self.top, arguments, given, {})

    def run_on_files(self, *arguments: str) -> bytes:
        """The same for one that does: the filters of the settings are switched off one by one, since git has no other way."""
        return _run(self.top, arguments, b"", _without_filters(self.top))


def work_tree(folder: str) -> WorkTree:
    """The work tree around a folder. Raises Failure where there is none."""
    real = os.path.realpath(folder)
    top = repository_of(real)
    if top is None:
        raise Failure(
            f"{folder}: this is not in a git repository, and commits are read from one: `git init` makes it", 3
        )
    inside = os.path.relpath(real, top).replace(os.sep, "/")
    return WorkTree(top, "" if inside == "." else f"{inside}/")


def repository_of(folder: str) -> str | None:
    """The top of the git work tree that a folder is in: the nearest one above it that has a `.git`; None outside of any.

    A `.git` counts as git itself counts it: a folder with a HEAD, or a file that names one (worktrees, submodules).
    """
    here = os.path.realpath(folder)
    while not _is_repository(os.path.join(here, ".git")):
        above = os.path.dirname(here)
        if above == here:
            return None
        here = above
    return here


def _is_repository(path: str) -> bool:
    return os.path.isfile(path) or os.path.lexists(os.path.join(path, "HEAD"))


def _without_filters(top: str) -> dict[str, str]:
    """The settings that switch off each filter the repository or the user has set up, as environment variables."""
    try:
        names = _run(top, ("config", "-z", "--name-only", "--get-regexp", _FILTERS), b"", {})
    except Failure as failure:
        if failure.no_answer:
            raise
        return {}  # there are none
    found = dict.fromkeys(name for name in names.decode("utf-8", "surrogateescape").split("\0") if name)
    start = _given_settings()
    variables = {"GIT_CONFIG_COUNT": str(start + len(found))}
    for number, name in enumerate(found, start):
        variables[f"GIT_CONFIG_KEY_{number}"] = name
        variables[f"GIT_CONFIG_VALUE_{number}"] = "false" if name.endswith(".required") else ""
    return variables


def _given_settings() -> int:
    """How many settings the caller's environment gives git."""
    count = os.environ.get("GIT_CONFIG_COUNT", "0")
    return int(count) if count.isdecimal() else 0


def _environment(more: dict[str, str]) -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    for number in range(_given_settings()):
        for part in ("KEY", "VALUE"):
            name = f"GIT_CONFIG_{part}_{number}"
            kept[name] = os.environ.get(name, "")
    return {**kept, **_FIXED, "PATH": absolute_path(), **more}


def _run(top: str, arguments: tuple[str, ...], given: bytes, more: dict[str, str]) -> bytes:
    import subprocess

    program = find_program("git")
    if program is None:
        raise Failure("git is not installed; it is needed to read another commit", 3)
    settings = [part for setting in _SETTINGS for part in ("-c", setting)]
    command = (
        program,
        f"--git-dir={os.path.join(top, '.git')}",
        f"--work-tree={top}",
        "--no-pager",
        *settings,
        *arguments,
    )
    try:
        done = subprocess.run(
            command, input=given, capture_output=True, timeout=_PATIENCE, check=False, cwd=top, env=_environment(more)
        )
    except subprocess.TimeoutExpired:
        raise Failure(f"git {arguments[0]} did not end within {_PATIENCE} seconds", 3, no_answer=True) from None
    except OSError as error:
        raise Failure(f"git cannot be run: {error.strerror}", 3, no_answer=True) from None
    if done.returncode < 0:
        raise Failure(f"git {arguments[0]} was killed by signal {-done.returncode}: run it again", 3, no_answer=True)
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Failure(f"git {arguments[0]}: {lines[0] if lines else 'failed'}", 3)
    return done.stdout
