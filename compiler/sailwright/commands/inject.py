"""`sailwright inject`: the sidecar into every workload of some files, offline.

`inject` is the whole road: read the files, find the settings of each namespace, inject document by document. What the command
line prints and writes is cli/inject.py; what happens inside a pod is render/injection/.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sailwright.diagnostics.finding import Finding, ObjectRef, Path, Severity, any_error
from sailwright.diagnostics.problem import Problem
from sailwright.render.injection.inject import Injected, over_items
from sailwright.render.injection.inject import inject as inject_object
from sailwright.render.injection.pod_templates import is_list
from sailwright.render.injection.settings import InjectionSettings
from sailwright.runtime.records import dataclass, replace
from sailwright.source.emit import emit_all
from sailwright.source.source import Document, Source

if TYPE_CHECKING:
    from sailwright.runtime.cache import Cache

RULES: Mapping[Severity, str] = {
    "error": "injection-refused",
    "warning": "injection-doubtful",
    "info": "injection-skipped",
}
"""What findings of injection are reported as."""

DEFAULT_NAMESPACE = "default"
"""Where kubectl and istioctl apply what names no namespace."""

SettingsFor = Callable[[str], InjectionSettings]
"""The settings for a namespace."""


@dataclass(frozen=True, slots=True)
class InjectOptions:
    """The flags of `inject`; None where one is not given. `project` is the project's folder or file, `istioctl` is `--compat istioctl`."""

    files: tuple[str, ...]
    namespace: str | None = None
    istio_version: str | None = None
    sidecar_mode: str | None = None
    revision: str | None = None
    mesh_config_file: str | None = None
    values_file: str | None = None
    istioctl: bool = False
    project: str | None = None
    cached: bool = True


@dataclass(frozen=True, slots=True)
class InjectedFiles:
    """What to print, and what there is to report. With an error among the findings nothing is printed.

    `pieces` are the documents of the text, compressed by zlib where they are many; `sources` are the files that were read, `documents` how many documents they hold, `unplaced` how many workloads name no
    namespace where no flag does.
    """

    pieces: tuple[bytes, ...]
    findings: tuple[Finding, ...]
    documents: int
    sources: tuple[Source, ...] = ()
    unplaced: int = 0
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The whole text."""
        return b"".join(self.chunks()).decode("utf-8")

    def chunks(self) -> Iterator[bytes]:
        """The text, piece by piece."""
        import zlib

        return (zlib.decompress(piece) for piece in self.pieces)

    @property
    def refused(self) -> bool:
        """Whether an error keeps the text from being printed."""
        return any_error(self.findings)


def inject(options: InjectOptions) -> InjectedFiles:
    """Inject every workload of the files. Raises Failure where a file cannot be read or a setting is wrong."""
    settings_for, notes = _settings(options)
    sources = _sources(options.files)
    result = inject_sources(sources, settings_for, options.namespace)
    if result.unplaced and not result.refused:
        notes = (*notes, f"namespace `{DEFAULT_NAMESPACE}` is assumed for objects that name none: say --namespace")
    return replace(result, sources=sources, notes=notes)


def _sources(files: Iterable[str]) -> tuple[Source, ...]:
    """The files as they are: what is no manifest passes through. Raises Failure for a template, which cannot."""
    from sailwright.runtime.errors import Failure
    from sailwright.source.files.files import collect
    from sailwright.source.other_programs import whole_file

    found = tuple(source for file in files for source in collect((file,), as_written=True).sources)
    for source in found:
        if source.problems and (reason := whole_file(source, source.path)):
            raise Failure(f"{source.path}: {reason}")
    return found


def _settings(options: InjectOptions) -> tuple[SettingsFor, tuple[str, ...]]:
    """The settings for each namespace: of the project where there is one, unless flags stand in for it; and notes."""
    from sailwright.mesh.values.releases import NEWEST, only_known
    from sailwright.render.injection.settings import settings_from
    from sailwright.runtime.cache import open_cache
    from sailwright.source.files.discovery import find_project

    bare = options.istioctl or options.values_file is not None or options.mesh_config_file is not None
    folder = None if bare else find_project(options.project)
    if folder is not None:
        return _settings_of_project(folder, options, open_cache(enabled=options.cached, project=options.project))
    settings = settings_from(
        _one_map(options.values_file),
        _one_map(options.mesh_config_file),
        release=options.istio_version or str(NEWEST),
        revision=options.revision or "default",
        sidecar_mode=options.sidecar_mode or "classic",
        compat=options.istioctl,
    )
    only_known(settings.release)
    return lambda _: settings, _notes(settings, guessed=options.sidecar_mode is None and not options.istioctl)


def _settings_of_project(folder: str, options: InjectOptions, cache: Cache) -> tuple[SettingsFor, tuple[str, ...]]:
    from functools import cache as once

    from sailwright.mesh.values.releases import only_known, unverified
    from sailwright.render.injection_settings import istio_by_namespace, settings_with
    from sailwright.runtime.errors import Failure

    places = istio_by_namespace(folder, cache)
    flags = {"release": options.istio_version, "revision": options.revision, "sidecar_mode": options.sidecar_mode}

    @once
    def settings_in(place: str) -> InjectionSettings:
        settings = settings_with(places[place], **flags)
        only_known(settings.release)
        if places[place]["strict_patch"] and unverified(settings.release):
            raise Failure(f"Istio {settings.release} is newer than any verified patch, and istio.strictPatch is set")
        return settings

    guessed = options.sidecar_mode is None and places[""]["sidecar_mode"] is None
    return lambda namespace: settings_in(namespace if namespace in places else ""), _notes(
        settings_in(""), guessed=guessed
    )


def _notes(settings: InjectionSettings, *, guessed: bool) -> tuple[str, ...]:
    """What was decided for want of an answer."""
    from sailwright.mesh.values.releases import line_of, unverified

    notes = []
    if guessed:
        notes.append("sidecars are classic containers: say --sidecar-mode native where the clusters run them")
    if unverified(settings.release):
        newest = line_of(settings.release).newest
        notes.append(f"istio-patch-unverified: Istio {settings.release} is injected as {newest} is")
    return tuple(notes)


def _one_map(file: str | None) -> dict[str, Any]:
    """The map that a YAML or JSON file holds; an empty file holds an empty one."""
    from sailwright.runtime.errors import Failure
    from sailwright.source.files.files import read

    if file is None:
        return {}
    source = read(file)
    if source.problems:
        problem = source.problems[0]
        raise Failure(f"{file}:{problem.location.line}: {problem.message}")
    value = source.documents[0].value if source.documents else None
    if value is not None and (not isinstance(value, dict) or len(source.documents) > 1):
        raise Failure(f"{file}: one mapping is needed: is this the right file?")
    return value or {}


def inject_sources(sources: Iterable[Source], settings_for: SettingsFor, namespace: str | None = None) -> InjectedFiles:
    """Inject every document; those without pods pass through as they are. Empty documents are dropped."""
    output = _Output()
    findings: list[Finding] = []
    unplaced = 0
    for source in sources:
        findings += source.problems
        for document in source.documents:
            if document.value is not None:
                value, found, missing = _inject_document(document, settings_for, namespace)
                output.add(value)
                findings += found
                unplaced += missing
    refused = any_error(findings)
    pieces = () if refused else output.pieces()
    return InjectedFiles(pieces, tuple(findings), output.documents, unplaced=unplaced)


_PIECE = 1 << 20
"""Characters of text that are compressed together: a sidecar makes ten lines of a workload hundreds, all of them alike."""


class _Output:
    """The documents that were made, as text: held until it is known that none is refused."""

    def __init__(self) -> None:
        self.documents = 0
        self._pieces: list[bytes] = []
        self._texts: list[str] = []
        self._size = 0

    def add(self, value: Any) -> None:
        """One more document."""
        text = emit_all((value,)) if not self.documents else f"---\n{emit_all((value,))}"
        self.documents += 1
        self._texts.append(text)
        self._size += len(text)
        if self._size >= _PIECE:
            self._compress(1)

    def pieces(self) -> tuple[bytes, ...]:
        """All of them."""
        self._compress(0 if not self._pieces else 1)
        return tuple(self._pieces)

    def _compress(self, level: int) -> None:
        import zlib

        self._pieces.append(zlib.compress("".join(self._texts).encode("utf-8", "replace"), level))
        self._texts, self._size = [], 0


def _inject_document(
    document: Document, settings_for: SettingsFor, namespace: str | None
) -> tuple[Any, Iterator[Finding] | tuple[Finding, ...], int]:
    """The injected document, what there is to report, and how many workloads in it were given no namespace."""
    value = document.value
    if document.source.dialect == "service":
        message = "a service file is no manifest: `sailwright build` compiles it, sidecar included"
        return value, (Finding(RULES["error"], "error", message, document.locate(("apiVersion",))),), 0
    if not isinstance(value, dict):
        return value, (), 0
    unplaced: list[bool] = []
    result = _injected(value, settings_for, namespace, unplaced)
    return result.value, (_finding(document, problem) for problem in result.problems), len(unplaced)


def _injected(
    value: dict[str, Any], settings_for: SettingsFor, namespace: str | None, unplaced: list[bool]
) -> Injected:
    if is_list(value):
        return over_items(value, lambda item: _injected(item, settings_for, namespace, unplaced))
    metadata = value.get("metadata")
    own = metadata.get("namespace") if isinstance(metadata, dict) else None
    place = own if isinstance(own, str) and own else namespace or DEFAULT_NAMESPACE
    result = inject_object(value, settings_for(place), place)
    if result.changed and not own and not namespace:
        unplaced.append(True)
    return result


def _finding(document: Document, problem: Problem) -> Finding:
    return Finding(
        RULES[problem.severity],
        problem.severity,
        problem.message,
        document.locate(problem.path),
        help=problem.help,
        object=_ref(document.value, problem.path),
        path=problem.path,
    )


def _ref(value: Any, path: Path) -> ObjectRef:
    """The object that a path belongs to: inside a List, its item."""
    while value.get("kind") == "List" and path[:1] == ("items",) and len(path) > 1:
        value, path = value["items"][path[1]], path[2:]
    metadata = value.get("metadata")
    known = metadata if isinstance(metadata, dict) else {}
    namespace = known.get("namespace")
    return ObjectRef(
        str(value.get("apiVersion", "")),
        str(value.get("kind", "")),
        namespace if isinstance(namespace, str) else None,
        str(known.get("name", "")),
    )
