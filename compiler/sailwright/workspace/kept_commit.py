"""What is rendered of a commit, kept between runs by the id of its tree: `diff` and `check` compare with the same base again and again.

The services are read from the commit again, because what has changed is told in their words; none of them is rendered. One base is kept
for each choice of clusters, the last.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sailwright.diagnostics.finding import any_error
from sailwright.diagnostics.plain import finding_of, plain_finding
from sailwright.project.service.model import Service
from sailwright.project.service.resolve import Target
from sailwright.render.rendering import RenderedFile
from sailwright.render.template_input import RenderedObject
from sailwright.runtime.cache import Cache
from sailwright.runtime.records import dataclass
from sailwright.runtime.store import Store, open_store
from sailwright.source.files.checkout import Commit
from sailwright.workspace.compile import Compilation, LoadedProject, compile_loaded
from sailwright.workspace.packed_services import pack
from sailwright.workspace.parallel import Rendered, render_alone
from sailwright.workspace.program import program
from sailwright.workspace.service_rows import (
    content_digest,
    gone_rows,
    in_rows,
    name_of,
    paths_by_row,
    row_entries,
    row_entry,
    row_names,
    rows_for,
)

_KIND, _SERVICES = "commit", "commit services"


def render_commit(loaded: LoadedProject, commit: Commit, cache: Cache) -> Rendered:
    """Render a project as it is in a commit; what is kept of the same tree is not rendered again."""
    compilation = compile_loaded(loaded, cache)
    store, name = open_store(cache, commit.root), name_of(loaded.targets)
    kept = kept_commit(loaded.targets, commit, cache)
    packed = kept.packed(kept.digests) if kept is not None else None
    if kept is not None and packed is not None:
        return render_alone(compilation, _Kept(compilation, packed, kept.findings).file)
    rendered = render_alone(compilation)
    if not any_error(rendered.findings) and store.path is not None:
        _keep(store, name, commit.tree, rendered, store.load_mapping(_KIND, name).get("rows", ()))
    return rendered


@dataclass(frozen=True, slots=True)
class KeptCommit:
    """What is kept of a commit: the id of its tree, the digest of what is rendered of each service file, by path, and what rendering
    found in rendered files.
    """

    store: Store
    tree: str
    rows: Sequence[str]
    digests: Mapping[str, str]
    findings: Mapping[Any, Any]

    def packed(self, paths: Iterable[str]) -> dict[str, bytes] | None:
        """What is rendered of some services, as `packed_services` packs it; None where some are not there."""
        return in_rows(self.store, self.rows, paths, kind=_SERVICES)


def kept_commit(targets: Iterable[Target], commit: Commit, cache: Cache) -> KeptCommit | None:
    """What is kept of a commit for these clusters; None where that is another one, or of another program."""
    found = last_commit(open_store(cache, commit.root), name_of(targets))
    return found if found is not None and found.tree == commit.tree else None


def last_commit(store: Store, name: str) -> KeptCommit | None:
    """What is kept of whatever commit was last; None where that is of another program. `name` is that of the clusters."""
    known = store.load_mapping(_KIND, name)
    if known.get("program") != program(store):
        return None
    return KeptCommit(store, known["tree"], known["rows"], known["services"], known["findings"])


def packed_commit(store: Store, name: str, tree: str, paths: frozenset[str]) -> dict[str, bytes] | None:
    """What is rendered of those of these services that a commit with this tree has; None where it is not kept.

    `name` is that of the clusters.
    """
    known = store.load_mapping(_KIND, name)
    if known.get("tree") != tree:
        return None
    return in_rows(store, known["rows"], paths & frozenset(known["services"]), kind=_SERVICES)


def keep_commit(
    store: Store, name: str, tree: str, digests: Mapping[str, str], load: Callable[[Iterable[str]], Mapping[str, bytes]]
) -> None:
    """Keep what is rendered of a commit in which nothing is wrong, row by row: `load` gives some services. What else rendering found is
    not kept: nobody reports it of a base.

    `digests` are those of all services, `name` is that of the clusters.
    """
    former = store.load_mapping(_KIND, name).get("rows", ())
    rows = row_names(digests, rows_for(len(digests)))
    for some in filter(None, paths_by_row(digests, rows)):
        store.keep_all([row_entry(load(some), rows, _SERVICES)])
    known = {"program": program(store), "tree": tree, "services": dict(digests), "rows": rows, "findings": {}}
    store.keep_all([(_KIND, name, marshal.dumps(known))], gone_rows(former, rows, _SERVICES))


class _Kept:
    """The rendered files of a commit, by their service."""

    def __init__(self, compilation: Compilation, packed: Mapping[str, bytes], findings: Mapping[Any, Any]) -> None:
        numbers = {target: number for number, target in enumerate(compilation.targets)}
        self._numbers, self._findings = numbers, findings
        self._files: dict[tuple[int, str, str], tuple[str, list[Any]]] = {}
        for data in packed.values():
            files, _ = marshal.loads(data)  # noqa: S302  # sealed: this user's own program wrote it
            for number, (namespace, name), path, objects, _ in files:
                self._files[number, namespace, name] = path, objects

    def file(self, target: Target, service: Service) -> RenderedFile | None:
        """What is rendered of a service; None where that is not known. What is included is read again, for its lines."""
        number = self._numbers[target]
        path, objects = self._files.get((number, service.namespace, service.name), ("", []))
        if not path or any(included for _, _, included in objects):
            return None
        rendered = tuple(RenderedObject(value, paths, None) for value, paths, _ in objects)
        found = tuple(map(finding_of, self._findings.get((number, path), ())))
        return RenderedFile(path, service.file, rendered, found, service.written)


def _keep(store: Store, name: str, tree: str, rendered: Rendered, former: Any) -> None:
    services = pack(rendered.compilation, rendered.here)
    digests = {path: content_digest(data) for path, data in services.items()}
    rows = row_names(digests, rows_for(len(digests)))
    known = {
        "program": program(store),
        "tree": tree,
        "services": digests,
        "rows": rows,
        "findings": {
            (number, file.path): [plain_finding(each) for each in file.findings]
            for number, target in enumerate(rendered.compilation.targets)
            for _, file in rendered.here[target]
            if file.findings
        },
    }
    entries = [*row_entries(services, rows, (), _SERVICES), (_KIND, name, marshal.dumps(known))]
    store.keep_all(entries, gone_rows(former, rows, _SERVICES))
