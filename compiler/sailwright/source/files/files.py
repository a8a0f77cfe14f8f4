"""From PATHS to Sources: files, folders, `-`. Nothing is passed over in silence.

What the command line names may lie anywhere. What is found inside a folder stays inside it: links that leave it are skipped with a
reason, and a folder with its own sailwright.yaml is another project and is not entered.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterable

from sailwright.diagnostics.finding import Skipped
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass, field, replace
from sailwright.source.files.discovery import PROJECT_FILE as PROJECT_FILE
from sailwright.source.files.real_paths import RealPaths
from sailwright.source.files.regular import NOT_REGULAR, special
from sailwright.source.source import MANIFEST_LIMIT, Source, parse

ENDINGS = (".yaml", ".yml", ".json")
_NEVER_ENTERED = frozenset(("node_modules", "__pycache__", "venv"))
_FIXTURES = frozenset(
    ("testdata", "expectedfailures", "invalid", "invalidexamples", "invalidmanifests", "invalidtests", "shouldfail")
)
"""Names without `-` and `_` of folders that hold what tests read: much of it is wrong on purpose, and none of it is applied."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files of a run, in the order given and by name within a folder, and what was passed over."""

    sources: tuple[Source, ...]
    skipped: tuple[Skipped, ...]
    real_paths: RealPaths = field(repr=False)


def collect(paths: Iterable[str], *, stdin_name: str = "-", as_written: bool = False) -> Inputs:
    """Read every file that PATHS name. Raises Failure (status 2) for a path that is not there.

    `as_written` keeps the documents of files that are for other programs.
    """
    from sailwright.source.kustomize import parts_among

    skipped: list[Skipped] = []
    sources: list[Source] = []
    real = RealPaths()
    names = named(paths, skipped, real)
    parts = {} if as_written else parts_among(names, real)
    for name in names:
        source = read_named(name, stdin_name=stdin_name, as_written=as_written, part=parts.get(name, ""))
        if nothing_piped(name, source):
            skipped.append(Skipped(stdin_name, "standard input is empty"))
        else:
            sources.append(source)
    return Inputs(tuple(sources), tuple(skipped), real)


def _with_defaults(source: Source) -> Source:
    from sailwright.source.placeholders import with_defaults

    filled = Source(source.path, source.content, source.dialect, (), source.problems)
    documents = tuple(
        replace(each, source=filled, value=with_defaults(each.value, source.text)) for each in source.documents
    )
    object.__setattr__(filled, "documents", documents)  # documents and source know each other
    return filled


def nothing_piped(name: str, source: Source) -> bool:
    """Whether this is an empty standard input, which is no input: what should have been piped in may have failed."""
    return name == "-" and not source.data


def read_named(name: str, *, stdin_name: str = "-", as_written: bool = False, part: str = "") -> Source:
    """Read what one of the names that `named` gives stands for: a file, or `-`, what is piped in. `part` says why it holds no
    objects, where a kustomization says so.
    """
    if part:
        return _part(name, part)
    if name == "-":
        source = parse(stdin_name, standard_input())
        return source if as_written else recognised(source)
    return read(name, as_written=as_written)


def _part(name: str, reason: str) -> Source:
    """A patch or another part of a kustomization: no object, and of a patch what is wrong with its YAML."""
    from sailwright.source.kustomize import PATCHES

    source = read(name)
    kept = source.problems if reason in PATCHES else ()
    return replace(source, documents=(), problems=kept, not_a_manifest=source.not_a_manifest or reason)


def named(paths: Iterable[str], skipped: list[Skipped], real: RealPaths | None = None) -> list[str]:
    """The files that PATHS name, each once; `-` stays. Raises Failure (status 2) for a path that is not there."""
    found: dict[str, str] = {}
    real = real or RealPaths()
    for path in paths:
        if path == "-":
            found["-"] = "-"
            continue
        if not os.path.exists(path):
            raise Failure(f"{path}: there is no such file or folder")
        for name in files_below(path, skipped) if os.path.isdir(path) else [path]:
            found.setdefault(real.of(name), name)
    return list(found.values())


def standard_input() -> bytes:
    """What is piped in, up to one byte more than the limit that parsing holds it to."""
    return sys.stdin.buffer.read(MANIFEST_LIMIT + 1)


def read(path: str, shown: str | None = None, *, as_written: bool = False) -> Source:
    """Read one file; `shown` is what messages call it. Raises Failure where it is not there (status 2) or cannot be read (3)."""
    if special(path) and not path.startswith("/dev/"):  # the shell's `<(command)` is a pipe of /dev/fd
        raise Failure(f"{path}: {NOT_REGULAR}: a pipe, socket or device is not read", 3)
    try:
        with open(path, "rb", buffering=0) as file:
            size = os.fstat(file.fileno()).st_size
            data = _content(file, size)
    except FileNotFoundError:
        raise Failure(f"{path}: there is no such file") from None
    except OSError as error:
        raise Failure(f"{path}: cannot be read: {error.strerror}", 3) from None
    source = parse(shown or os.path.normpath(path), data, size=size)
    return source if as_written else recognised(source, path)


def _content(file: io.FileIO, size: int) -> bytes:
    """What a file holds, up to one byte more than the limit. A read of the limit itself would make so much memory ready each time."""
    data = file.read(min(size, MANIFEST_LIMIT) + 1) or b""
    if len(data) == size:
        return data
    while len(data) <= MANIFEST_LIMIT and (more := file.read(MANIFEST_LIMIT + 1 - len(data))):
        data += more  # a pipe
    return data


def recognised(source: Source, where: str | None = None) -> Source:
    """A file as it was read, or without documents and problems where it is for another program or a template of one.

    `where` is the file on disk.
    """
    if source.dialect == "service":
        return source
    from sailwright.source.other_programs import whole_file

    if not (reason := whole_file(source, where)):
        return _with_defaults(source) if b"${" in source.data else source
    return replace(source, documents=(), problems=(), not_a_manifest=reason)


def files_below(folder: str, skipped: list[Skipped]) -> list[str]:
    """The YAML and JSON files below a folder, sorted; hidden folders are not entered."""
    root = os.path.realpath(folder)
    found: list[str] = []
    pending = [folder]
    while pending:
        current = pending.pop()
        try:
            entries = sorted(os.scandir(current), key=lambda entry: entry.name)
        except OSError as error:
            skipped.append(Skipped(current, f"cannot be listed: {error.strerror}"))
            continue
        below: list[str] = []
        for entry in entries:
            try:
                is_folder, reason = entry.is_dir(), _outside(entry, root)
            except OSError as error:  # a link into a folder that is not ours to read
                skipped.append(Skipped(os.path.normpath(entry.path), f"cannot be read: {error.strerror}"))
                continue
            if is_folder:
                if entry.name.startswith(".") or entry.name in _NEVER_ENTERED:
                    continue
                reason = reason or _not_entered(entry)
                if not reason:
                    below.append(entry.path)
            elif entry.name.endswith(ENDINGS) and not entry.name.startswith("."):
                reason = reason or _not_read(entry)
                if not reason:
                    found.append(os.path.normpath(entry.path))
            else:
                continue
            if reason:
                skipped.append(Skipped(os.path.normpath(entry.path), reason))
        pending += reversed(below)
    return sorted(found)


def _outside(entry: os.DirEntry[str], root: str) -> str:
    if not entry.is_symlink():
        return ""
    target = os.path.realpath(entry.path)
    if entry.is_dir() and (root + os.sep).startswith(target + os.sep):
        return "a link to a folder above it"
    return "" if target.startswith(root + os.sep) else "a link that leaves the folder"


def _not_entered(entry: os.DirEntry[str]) -> str:
    if os.path.exists(os.path.join(entry.path, PROJECT_FILE)):
        return "another project: it has its own sailwright.yaml"
    if entry.name == "templates" and os.path.exists(os.path.join(os.path.dirname(entry.path), "Chart.yaml")):
        return "templates of a Helm chart: render them first"
    if entry.name.lower().replace("-", "").replace("_", "") in _FIXTURES:
        return "fixtures of tests, which may be wrong on purpose: name the folder to have it checked"
    return ""


def _not_read(entry: os.DirEntry[str]) -> str:
    if not entry.is_file():
        return "a link to nothing" if entry.is_symlink() else "no regular file"
    return ""
