"""Where the manifests come from: files and folders, `-`, and what kustomize or Helm makes of a folder or a chart."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence

from sailwright.commands.edit.adopt.inventory import Note
from sailwright.diagnostics.finding import Skipped
from sailwright.runtime.errors import Failure
from sailwright.runtime.programs import completed, find_program
from sailwright.runtime.records import dataclass
from sailwright.runtime.regex import regex
from sailwright.source.cluster_scoped import CLUSTER_SCOPED
from sailwright.source.files.files import collect
from sailwright.source.manifest import Manifest, manifests
from sailwright.source.source import Source, parse

HELM, KUSTOMIZE = "helm ", "kustomize "
"""What the name of a source begins with that Helm or kustomize has made."""
TIME_LIMIT = 120
"""Seconds that kustomize or Helm may take."""
_KUSTOMIZATIONS = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_LISTS = frozenset(("apiVersion", "kind", "metadata", "resources", "bases", "sortOptions"))
"""What a kustomization says without changing an object."""
_TEMPLATE = regex(rb"\{\{-? *[.$a-z(]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to adopt: PATHS, folders for kustomize, and charts for Helm with the values files of all."""

    paths: tuple[str, ...] = ()
    kustomize: tuple[str, ...] = ()
    helm: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    namespace: str = ""
    """Where objects are that name no namespace."""


@dataclass(frozen=True, slots=True)
class Read:
    """The objects of the inputs, and which files could not be read."""

    manifests: tuple[Manifest, ...]
    unread: tuple[Note, ...]


def read_inputs(wanted: Wanted) -> Read:
    """Read everything. Raises Failure for a path that is not there, and for a program that is absent, fails or hangs."""
    inputs = collect(wanted.paths) if wanted.paths else None
    sources = [*(inputs.sources if inputs else ()), *_rendered(wanted)]
    unread = [Note(skipped.file, 1, _with_the_command(skipped)) for skipped in inputs.skipped] if inputs else []
    found: list[Manifest] = []
    for source in sources:
        found += manifests(source)
        unread += _faults(source)
        unread += _changed_by_kustomize(source)
    return Read(tuple(_placed(one, wanted.namespace) for one in found), tuple(unread))


def _placed(manifest: Manifest, namespace: str) -> Manifest:
    """An object in the namespace of those that name none, as `kubectl apply -n` puts it."""
    if not namespace or not manifest.kind or not manifest.name or not manifest.api_version:
        return manifest
    if manifest.namespace or manifest.kind in CLUSTER_SCOPED or manifest.api_version.startswith("sailwright/"):
        return manifest
    value = {**manifest.value, "metadata": {**manifest.metadata, "namespace": namespace}}
    return Manifest(value, manifest.document, manifest.base)


_RENDER_FIRST = (
    "a template, no manifest: render it first, with `--helm CHART` or `helm template CHART | sailwright init --from -`"
)


def _faults(source: Source) -> Iterator[Note]:
    if source.not_a_manifest:  # files of other programs hold nothing to adopt; a template does, once it is rendered
        if _TEMPLATE.search(source.data):
            yield Note(source.path, 1, _RENDER_FIRST)
        return
    problems = [problem for problem in source.problems if problem.severity == "error"]
    if problems:
        message = _RENDER_FIRST if _TEMPLATE.search(source.data) else problems[0].message
        yield Note(source.path, problems[0].location.line, message)


def _with_the_command(skipped: Skipped) -> str:
    """Why a file or folder is passed over, with the way to adopt it where it is the templates of a chart."""
    folder, _, name = skipped.file.rstrip("/").rpartition("/")
    if "Helm chart" not in skipped.reason or name != "templates":
        return skipped.reason
    return f"{skipped.reason}, with `--helm {folder or '.'}`"


def _changed_by_kustomize(source: Source) -> Iterator[Note]:
    """What a kustomization does to its objects is not in their files."""
    folder, _, name = source.path.rpartition("/")
    if name not in _KUSTOMIZATIONS or source.problems or not source.documents:
        return
    value = source.documents[0].value
    changes = [str(key) for key in value if key not in _LISTS] if isinstance(value, dict) else []
    if changes:
        yield Note(
            source.path,
            1,
            f"kustomize changes the objects ({', '.join(changes)}), and they were read without that: "
            f"adopt what it makes, with `--kustomize {folder or '.'}`",
        )


def _rendered(wanted: Wanted) -> Iterator[Source]:
    for folder in wanted.kustomize:
        program = ("kubectl", "kustomize") if find_program("kubectl") else ("kustomize", "build")
        yield parse(f"{KUSTOMIZE}{folder}", _run((*program, folder)), "manifest")
    for chart in wanted.helm:
        values = [word for file in wanted.values for word in ("--values", file)]
        name = chart.rstrip("/").rpartition("/")[2]
        place = ("--namespace", wanted.namespace) if wanted.namespace else ()
        command = ("helm", "template", name, chart, *place, *values)
        yield parse(f"{HELM}{chart}", _run(command), "manifest")


def _run(command: Sequence[str]) -> bytes:
    program = find_program(command[0])
    if program is None:
        other = " (nor is kubectl)" if command[0] == "kustomize" else ""
        raise Failure(f"{command[0]} is not on PATH{other}: install it, or pipe what it makes into `--from -`", 3)
    try:
        done = completed((program, *command[1:]), TIME_LIMIT)
    except OSError as error:
        raise Failure(f"{' '.join(command)}: cannot be run: {error.strerror}", 3) from None
    except subprocess.TimeoutExpired:
        raise Failure(f"{' '.join(command)} did not end within {TIME_LIMIT} seconds", 3) from None
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Failure(f"{' '.join(command)}: {lines[-1] if lines else 'failed'}", 3)
    return done.stdout
