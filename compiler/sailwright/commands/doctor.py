"""What is there to work with: the program, the project, the tools and the cache, each with what to do where something lacks."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from typing import Literal

from sailwright import __version__
from sailwright.runtime.cache import open_cache
from sailwright.runtime.errors import Failure
from sailwright.runtime.git import repository_of
from sailwright.runtime.programs import find_program
from sailwright.runtime.records import dataclass
from sailwright.source.files.checkout import Disk
from sailwright.source.files.discovery import find_project

_TESTED = ((3, 11), (3, 14))
"""The first and the last Python that there are locked packages for."""

_TOOLS = {
    ("kubectl", "kustomize"): "--kustomize needs kubectl or kustomize",
    ("helm",): "--helm needs it",
    ("kubeconform",): "validate --backend kubeconform needs it",
    ("pre-commit",): "it runs the hooks before each commit: https://pre-commit.com",
}
"""Programs that we run or are run by, and what each is for."""

_EXTRAS = {"dask": ("distributed", "--executor dask"), "watch": ("watchfiles", "build --watch")}
"""The extras that sailwright installs with: the package that each adds, and the flag that needs it."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: `ok`, `absent` (nothing is wrong without it) or `wrong`, with the remedy."""

    state: Literal["ok", "absent", "wrong"]
    text: str
    help: str = ""


def checks(project: str | None) -> Iterator[Check]:
    """Everything that is looked at, in the order in which a user would ask. `project` is the folder that --project names."""
    yield _python()
    root = find_project(project)
    yield from _project(root)
    yield from _git(root or os.curdir)
    for names, purpose in _TOOLS.items():
        found = next(filter(None, map(find_program, names)), None)
        yield (
            Check("ok", f"{os.path.basename(found)}: {found}")
            if found
            else Check("absent", f"{' or '.join(names)}: not on PATH", purpose)
        )
    yield from _extras()
    yield _cache(project)


def _extras() -> Iterator[Check]:
    from importlib.metadata import PackageNotFoundError, version

    for extra, (package, flag) in _EXTRAS.items():
        try:
            yield Check("ok", f"{package}: {version(package)}")
        except PackageNotFoundError:
            remedy = f"{flag} needs it: pip install 'sailwright[{extra}]'"
            yield Check("absent", f"{package}: not installed", remedy)


def _python() -> Check:
    here = f"sailwright {__version__} on Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    if _TESTED[0] <= sys.version_info[:2] <= _TESTED[1]:
        return Check("ok", here)
    first, last = (".".join(map(str, version)) for version in _TESTED)
    return Check("absent", here, f"sailwright is tested with Python {first} to {last}")


def _project(root: str | None) -> Iterator[Check]:
    if root is None:
        yield Check(
            "absent",
            "project: no sailwright.yaml here or above",
            "`sailwright init` writes one; lint, validate, route and inject work without",
        )
        return
    from sailwright.project.reading import read_project
    from sailwright.project.services import service_files

    try:
        reading = read_project(Disk(root))
    except Failure as failure:
        yield Check("wrong", f"project: {failure.message}", "use the version that `requires` names")
        return
    found = reading.project
    if found is None:
        first = next(each for each in reading.findings if each.severity == "error")
        yield Check("wrong", f"project: {first.location.file}:{first.location.line}: {first.message}", first.help or "")
        return
    from sailwright.diagnostics.counted import counted

    services = len(tuple(service_files(found)))
    environments = f", {counted(len(found.environments), 'environment')}" if found.environments else ""
    place = os.path.join(root, "sailwright.yaml")
    if services:
        yield Check("ok", f"project: {place}, {counted(services, 'service file')}{environments}")
    else:
        yield Check("wrong", f"project: {place} has no service files", "`sailwright new NAME` adds a service")
    yield _kubernetes(found.kubernetes)
    from sailwright.commands.edit.scaffold import stale_schemas

    if stale := stale_schemas(root):
        text = f"editor: {', '.join(stale)} of another version of sailwright"
        yield Check("absent", text, "`sailwright init --refresh` renews what your editor completes by")


def _kubernetes(versions: tuple[str, ...]) -> Check:
    from sailwright.validate.schemas.kubernetes import NEWEST, version_fault

    if not versions:
        remedy = (
            f"objects are checked against Kubernetes {NEWEST}; write `kubernetes: {{version: ...}}` in sailwright.yaml"
        )
        return Check("absent", "Kubernetes: sailwright.yaml names no version", remedy)
    for version in versions:
        if fault := version_fault(version):
            return Check("wrong", fault[0], fault[1])
    return Check("ok", f"Kubernetes: {', '.join(versions)}")


def _git(root: str) -> Iterator[Check]:
    program = find_program("git")
    if program is None:
        yield Check("wrong", "git: not on PATH", "diff, check --base and --config-ref read commits with it")
        return
    top = repository_of(root)
    if top is None:
        yield Check("absent", f"git: {program}; this folder is in no repository", "`git init` makes one")
    else:
        yield Check("ok", f"git: {program}; the repository is {top}")


def _cache(project: str | None) -> Check:
    kept = open_cache(project=project)
    if kept.directory is None:
        return Check("wrong", "cache: none is used", "set XDG_CACHE_HOME to a folder of yours outside the repository")
    return Check("ok", f"cache: {kept.directory}")
