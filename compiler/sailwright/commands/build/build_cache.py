"""What the last build on this machine read and wrote, so that a build of the same files need not be done again.

It never decides what is written: every input that is remembered is compared, by its date and size or else by its digest, with the one
that stands now, and so is the program itself. It also tells a file that was edited by hand from one that is out of date; without it, a file that sailwright
would have laid out otherwise counts as edited.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from sailwright.commands.build.build_state import HELD_TO, KIND, BuildState
from sailwright.commands.build.options import BuildResult, BuildStats
from sailwright.runtime.cache import Cache
from sailwright.runtime.records import dataclass, replace
from sailwright.runtime.store import Store, open_store
from sailwright.runtime.table import Keeping, LostRow, Table, new_table
from sailwright.source.files.recorded import Recorded, digest
from sailwright.source.files.stamps import folder_digests
from sailwright.workspace.input_state import inputs_of
from sailwright.workspace.kept_files import KeptFiles, new_pages
from sailwright.workspace.program import program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sailwright.commands.build.built import Built, ChangedPart
    from sailwright.diagnostics.finding import Finding, Skipped
    from sailwright.diagnostics.plain import Plain
    from sailwright.runtime.pressed import Text
    from sailwright.source.files.checkout import Unreadable
    from sailwright.source.source import Source

_NAME, _WRITTEN, _OUTPUT = "whole", f"{KIND} written", f"{KIND} output"
_PATHS = 256
"""Files in a row of a table."""
_KEPT = 1 << 20
"""Bytes of output that are kept, so that a small project need not be rendered again where its output was removed."""


@dataclass(frozen=True, slots=True)
class CachedOutput:
    """What the last whole build made: manifests as path to (source, bytes). `result` has what there was to tell."""

    output: str
    manifests: Mapping[str, tuple[str, bytes]]
    separate_clusters: tuple[str, ...]
    result: BuildResult


@dataclass(frozen=True)
class BuildCache:
    """What is kept of one project, by its folder. `written` has the digests of the files as we left them, by path."""

    cache: Cache
    project: str

    def edited(self, output: str, path: str, old: bytes, new: bytes) -> bool:
        """Whether the bytes that stand at a path below the output folder are not as sailwright left them.

        Where nothing is remembered, the last commit may know: if it holds what would be written now, nothing has changed but this
        file. Else a file counts as edited that is not laid out as we lay files out.
        """
        known = self._written(path)
        if known:
            return bool(known != digest(old))
        return not _as_emitted(old) or self._committed(f"{output}/{path}") == new

    def _written(self, path: str) -> bytes | None:
        pages = self._load().get("written")
        if pages is None:
            return None
        try:
            return KeptFiles(self.store, _WRITTEN, self.project, pages).digests((path,)).get(path)
        except LostRow:
            return None

    def _committed(self, path: str) -> bytes | Unreadable | None:
        from sailwright.runtime.errors import Failure
        from sailwright.source.files.checkout import Commit, resolve_commit
        from sailwright.source.source import MANIFEST_LIMIT

        try:
            return Commit(self.project, resolve_commit(self.project, "HEAD")).read(path, MANIFEST_LIMIT)
        except Failure as failure:
            if failure.no_answer:
                raise
            return None  # no repository, no commit yet, no git

    def remember(self, files: Mapping[str, Text], output: str) -> None:
        """Note the files of a build that wrote a part; what was known of the whole no longer holds."""
        from sailwright.runtime.pressed import plain

        keeping, root = Keeping(self.store), os.path.join(self.project, output)
        digests = {path: digest(plain(data)) for path, data in files.items()}
        now, known = time.time_ns(), self._load().get("written")
        try:
            written = known and KeptFiles(self.store, _WRITTEN, root, known).renewed([(digests, now)], (), keeping)
        except LostRow:
            written = None
        self._keep(keeping, {"written": written or new_pages(_WRITTEN, root, digests, now, keeping)})

    def remember_whole(
        self,
        built: Built,
        files: Mapping[str, Text],
        output: str,
        separate_clusters: Iterable[str],
        result: BuildResult,
        recorded: Recorded | None,
    ) -> None:
        """Note a whole build: what was read for it, what stands in its `output` folder, and what there was to tell.

        `recorded` is the account of this process: what has changed after it began is read again the next time.
        """
        if self.store.path is None:
            return
        from sailwright.commands.build.held_to import held_to
        from sailwright.commands.build.output.disk import standing
        from sailwright.runtime.pressed import plain
        from sailwright.source.files.checkout import Disk

        keeping, now, root = Keeping(self.store), time.time_ns(), os.path.join(self.project, output)
        written = {path: digest(plain(data)) for path, data in files.items()}
        stands = standing(root)
        folders = folder_digests(root, stands.folders)
        outputs = folders and new_pages(f"{KIND} output folders", root, folders, now, keeping, folders=True)
        account = recorded or Recorded(Disk(self.project), since=now)
        read = replace(account, reads=dict(built.reads), globs=dict(built.globs))
        self._keep(
            keeping,
            {
                "program": program(self.store),
                "output": output,
                "written": new_pages(_WRITTEN, root, written, now, keeping),
                "files": len(written),
                "others": sorted(stands.files - written.keys()),
                "output folders": outputs,
                **self._index(built, keeping),
                **inputs_of(read, KIND, keeping),
                "reported": _reported(result),
                "stats": (result.stats.services, result.stats.documents) if result.stats else (0, 0),
                "kept": _kept_output(built, separate_clusters, keeping),
                "held to": new_table(HELD_TO, held_to(built.files), _PATHS, keeping),
                "checked": _checked(result),
            },
        )

    def _index(self, built: Built, keeping: Keeping) -> dict[str, Any]:
        """What to know of the services; of a build that rendered none of them, what was known of the same files."""
        if built.records is not None:
            from sailwright.workspace.service_index import new_index

            return new_index(KIND, built.records, keeping)
        try:
            known = self._load()
            if known.get("records") and dict(BuildState(self.project, self.store, known).inputs.reads.items()) == dict(
                built.reads
            ):
                return {name: known[name] for name in ("records", "facts", "places", "totals")}
        except LostRow:
            pass
        return {"records": None}

    def remember_part(self, state: BuildState, part: ChangedPart) -> None:
        """Note a build of some services of which all others are as the last whole build left them."""
        keeping = Keeping(self.store)
        try:
            known = self._known_after(state, part, keeping)
        except LostRow:
            known, keeping = {}, Keeping(self.store)
        self._keep(keeping, known)

    def _known_after(self, state: BuildState, part: ChangedPart, keeping: Keeping) -> dict[str, Any]:
        result, known = part.result, state.known
        from sailwright.commands.build.held_to import held_to
        from sailwright.workspace.service_change import dropped_files

        gone = dropped_files(part.change, part.records) - part.reads.keys()
        held = held_to(part.rendered)
        former = frozenset(path for record in part.change.earlier.values() for path in record.outputs)
        if known["kept"]:
            keeping.emptied.append(_OUTPUT)
        return {
            **known,
            **state.renewed(keeping, part.files, part.removed),
            **state.inputs.renewed(keeping, part.reads, gone, part.since),
            **part.change.index.changed(part.change.earlier, part.records, keeping),
            "files": known["files"] + part.more_files,
            "reported": _reported(result),
            "stats": (result.stats.services, result.stats.documents) if result.stats else (0, 0),
            "checked": part.result.checked,
            "kept": None,
            "held to": state.held_to.changed(held, former - held.keys(), keeping),
        }

    def state(self) -> BuildState | None:
        """What is different from what the last whole build read and wrote; None where none is known, or of another program."""
        known = self._load()
        if not known or known.get("program") != program(self.store):
            return None
        return BuildState(self.project, self.store, known)

    def unchanged(self, state: BuildState) -> BuildResult:
        """The result of a whole build where nothing at all has changed since the last one."""
        keeping = Keeping(self.store)
        renewed = state.renewed(keeping) | state.inputs.renewed(keeping)
        if renewed:
            self._keep(keeping, {**state.known, **renewed})
        return self.result(state.known, unchanged=state.known["files"])

    def cached_output(self, state: BuildState) -> CachedOutput | None:
        """The output of the last whole build, where it was kept; nothing that was read for it has changed."""
        known = state.known
        if not known["kept"]:
            return None
        kept = dict(Table(self.store, _OUTPUT, known["kept"]).items())
        manifests, separate_clusters = kept["manifests"], kept["separate clusters"]
        digests = state.written.digests(manifests)
        if any(digest(data) != digests.get(path) for path, (_, data) in manifests.items()):
            return None
        return CachedOutput(known["output"], manifests, tuple(separate_clusters), self.result(known))

    def result(self, known: Mapping[str, Any], unchanged: int = 0) -> BuildResult:
        """What the last whole build had to tell."""
        found, fail_on, passed_over = known["reported"]
        findings, skipped = self._told(found, passed_over) if found or passed_over else ((), ())
        services, documents = known["stats"]
        return BuildResult(
            findings,
            self._sources(findings),
            fail_on,
            BuildStats(services, documents, unchanged=unchanged),
            skipped=skipped,
            checked=known["checked"],
        )

    def _told(
        self, found: Sequence[Plain], passed_over: Sequence[Plain]
    ) -> tuple[tuple[Finding, ...], tuple[Skipped, ...]]:
        from sailwright.diagnostics.finding import Skipped
        from sailwright.diagnostics.plain import finding_of

        return tuple(map(finding_of, found)), tuple(Skipped(*each) for each in passed_over)

    def _sources(self, findings: Iterable[Finding]) -> tuple[Source, ...]:
        files = dict.fromkeys(finding.location.file for finding in findings)
        if not files:
            return ()
        from sailwright.source.files.checkout import Disk, Unreadable
        from sailwright.source.source import SERVICE_LIMIT, Source

        read = [(path, Disk(self.project).read(path, SERVICE_LIMIT)) for path in files]
        return tuple(Source(path, data, "service") for path, data in read if not isinstance(data, Unreadable))

    @cached_property
    def store(self) -> Store:
        """Where it is kept."""
        return open_store(self.cache, self.project)

    def _load(self) -> dict[str, Any]:
        return self.store.load_mapping(KIND, _NAME)

    def _keep(self, keeping: Keeping, known: Mapping[str, Any]) -> None:
        keeping.keep(KIND, _NAME, known)


def _kept_output(built: Built, separate_clusters: Iterable[str], keeping: Keeping) -> Sequence[str] | None:
    """The row with the output of a small project; None where there is much of it."""
    from sailwright.runtime.pressed import plain

    manifests = {file.path: (file.source, file.data) for file in built.files if file.data is not None}
    if sum(len(data) for _, data in manifests.values()) > _KEPT:
        return None
    kept = {path: (source, plain(data)) for path, (source, data) in manifests.items()}
    return new_table(_OUTPUT, {"manifests": kept, "separate clusters": sorted(separate_clusters)}, 2, keeping)


def _reported(result: BuildResult) -> tuple[list[Plain], str, list[Plain]]:
    """What there was to tell, as plain data."""
    from sailwright.diagnostics.plain import plain_finding, plain_skipped

    findings, skipped = map(plain_finding, result.findings), map(plain_skipped, result.skipped)
    return list(findings), result.fail_on, list(skipped)


def _checked(result: BuildResult) -> tuple[int, int]:
    return result.checked or (len(result.sources), sum(len(source.documents) for source in result.sources))


def _as_emitted(data: bytes) -> bool:
    """Whether a file is laid out as we lay files out: a change by hand usually is not."""
    from sailwright.render.layout import source_of
    from sailwright.source.emit import emit_all
    from sailwright.source.source import parse

    head, _, rest = data.partition(b"\n")
    source = parse("", rest, "manifest")
    if source_of(head) is None or source.problems:
        return False
    return emit_all(document.value for document in source.documents).encode() == rest
