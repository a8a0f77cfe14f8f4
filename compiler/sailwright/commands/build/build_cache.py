"""What the last build on this machine read and wrote, so that a build of the same files need not be done again.

It never decides what is written: every input that is remembered is compared, by its date and size or else by its digest, with the one
that stands now, and so is the program itself. It also tells a file that was edited by hand from one that is out of date; without it, a file that sailwright
would have laid out otherwise counts as edited.
"""

from __future__ import annotations

import marshal
import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sailwright.commands.build.build_state import BuildState
from sailwright.commands.build.held_to import changed, held_to
from sailwright.commands.build.options import BuildResult, BuildStats
from sailwright.commands.build.output.disk import standing
from sailwright.diagnostics.finding import Finding, Skipped
from sailwright.diagnostics.plain import Plain, finding_of, plain_finding, plain_skipped
from sailwright.render.layout import source_of
from sailwright.runtime.cache import Cache
from sailwright.runtime.errors import Failure
from sailwright.runtime.pressed import Text, plain
from sailwright.runtime.records import dataclass
from sailwright.runtime.store import Store, open_store
from sailwright.source.emit import emit_all
from sailwright.source.files.checkout import Commit, Disk, Unreadable, resolve_commit
from sailwright.source.files.recorded import digest
from sailwright.source.files.stamps import folder_stamps, stamps
from sailwright.source.source import MANIFEST_LIMIT, SERVICE_LIMIT, Source, parse
from sailwright.workspace.input_state import visited
from sailwright.workspace.program import program

if TYPE_CHECKING:
    from sailwright.commands.build.built import Built, ChangedPart

_KIND, _NAME = "build", "whole"
_KEPT = 1 << 20
"""Bytes of output that are kept, so that a small project need not be rendered again where its output was removed."""


@dataclass(frozen=True, slots=True)
class CachedOutput:
    """What the last whole build made: manifests as path to (source, bytes). `result` has what there was to tell."""

    output: str
    manifests: Mapping[str, tuple[str, bytes]]
    separate_clusters: tuple[str, ...]
    result: BuildResult


@dataclass(frozen=True, slots=True)
class BuildCache:
    """What is kept of one project, by its folder. `written` has the digests of the files as we left them, by path."""

    cache: Cache
    project: str

    def edited(self, output: str, path: str, old: bytes, new: bytes) -> bool:
        """Whether the bytes that stand at a path below the output folder are not as sailwright left them.

        Where nothing is remembered, the last commit may know: if it holds what would be written now, nothing has changed but this
        file. Else a file counts as edited that is not laid out as we lay files out.
        """
        known = self._load().get("written", {}).get(path)
        if known:
            return bool(known != digest(old))
        return not _as_emitted(old) or self._committed(f"{output}/{path}") == new

    def _committed(self, path: str) -> bytes | Unreadable | None:
        try:
            return Commit(self.project, resolve_commit(self.project, "HEAD")).read(path, MANIFEST_LIMIT)
        except Failure as failure:
            if failure.no_answer:
                raise
            return None  # no repository, no commit yet, no git

    def remember(self, files: Mapping[str, Text]) -> None:
        """Note the files of a build that wrote a part; what was known of the whole no longer holds."""
        written = self._load().get("written", {})
        self._store({"written": written | {path: digest(plain(data)) for path, data in files.items()}})

    def remember_whole(
        self,
        built: Built,
        files: Mapping[str, Text],
        output: str,
        separate_clusters: Iterable[str],
        result: BuildResult,
        since: int | None,
    ) -> None:
        """Note a whole build: what was read for it, what stands in its `output` folder, and what there was to tell.

        `since` is when it began to read, in nanoseconds: what has changed after that is read again the next time.
        """
        from sailwright.workspace.service_records import ServiceRecord

        manifests = {file.path: (file.source, file.data) for file in built.files if file.data is not None}
        small = sum(len(data) for _, data in manifests.values()) <= _KEPT
        kept = {path: (source, plain(data)) for path, (source, data) in manifests.items()} if small else {}
        written = {path: digest(plain(data)) for path, data in files.items()}
        stands = standing(os.path.join(self.project, output))
        records = built.records
        if records is None and (known := self._load()).get("reads") == dict(built.reads):
            records = {path: ServiceRecord(*record) for path, record in known.get("records", {}).items()}
        self._store(
            {
                "program": program(self._place),
                "output": output,
                "written": written,
                "others": sorted(stands.files - written.keys()),
                "reads": dict(built.reads),
                "globs": dict(built.globs),
                "folders": folder_stamps(self.project, visited(self.project, built.globs), since),
                "output folders": folder_stamps(os.path.join(self.project, output), stands.folders),
                "stamps": stamps(self.project, built.reads, since),
                "output stamps": stamps(os.path.join(self.project, output), written),
                "reported": _reported(result),
                "stats": (result.stats.services, result.stats.documents) if result.stats else (0, 0),
                "kept": (kept, sorted(separate_clusters)) if small else None,
                "records": {path: record.plain() for path, record in (records or {}).items()},
                "held to": held_to(built.files),
                "checked": _checked(result),
            }
        )

    def remember_part(self, state: BuildState, part: ChangedPart) -> None:
        """Note a build of some services of which all others are as the last whole build left them."""
        known = state.renewed() or dict(state.known)
        result, output_root = part.result, os.path.join(self.project, known["output"])
        written = {path: each for path, each in known["written"].items() if path not in part.removed}
        written |= {path: digest(plain(data)) for path, data in part.files.items()}
        records = {path: each for path, each in known["records"].items() if path not in part.gone}
        records |= {path: record.plain() for path, record in part.records.items()}
        former = frozenset([path for record in part.earlier for path in record.outputs])
        dropped = {path for record in part.earlier for path in record.reads}
        dropped -= (
            {path for reads, *_ in records.values() for path in reads} if dropped - part.reads.keys() else dropped
        )
        reads = {path: each for path, each in known["reads"].items() if path not in dropped} | dict(part.reads)
        folders = (
            known["folders"]
            if not state.inputs.changed_folders
            else folder_stamps(self.project, visited(self.project, state.inputs.globs), part.since)
        )
        stands = known["output folders"]
        if stands is not None:
            touched = {path.rpartition("/")[0] for path in (*part.files, *part.removed)}
            renewed = folder_stamps(output_root, touched)
            stands = None if renewed is None or part.removed else stands | renewed
        self._store(
            {
                **known,
                "written": written,
                "reads": reads,
                "globs": dict(state.inputs.globs),
                "folders": folders,
                "output folders": stands,
                "stamps": known["stamps"] | stamps(self.project, part.reads, part.since),
                "output stamps": known["output stamps"] | stamps(output_root, part.files),
                "reported": _reported(result),
                "stats": (result.stats.services, result.stats.documents) if result.stats else (0, 0),
                "checked": part.result.checked,
                "kept": None,
                "records": records,
                "held to": changed(known["held to"], former, part.rendered),
            }
        )

    def state(self) -> BuildState | None:
        """What is different from what the last whole build read and wrote; None where none is known, or of another program."""
        known = self._load()
        if known.get("program") != program(self._place):
            return None
        return BuildState(self.project, known)

    def unchanged(self, state: BuildState) -> BuildResult:
        """The result of a whole build where nothing at all has changed since the last one."""
        if renewed := state.renewed():
            self._store(renewed)
        return self.result(state.known, unchanged=len(state.known["written"]))

    def cached_output(self, state: BuildState) -> CachedOutput | None:
        """The output of the last whole build, where it was kept; nothing that was read for it has changed."""
        known = state.known
        if not known["kept"]:
            return None
        manifests, separate_clusters = known["kept"]
        if any(digest(data) != known["written"].get(path) for path, (_, data) in manifests.items()):
            return None
        return CachedOutput(known["output"], manifests, tuple(separate_clusters), self.result(known))

    def result(self, known: Mapping[str, Any], unchanged: int = 0) -> BuildResult:
        """What the last whole build had to tell."""
        found, fail_on, passed_over = known["reported"]
        findings, skipped = tuple(map(finding_of, found)), tuple(Skipped(*each) for each in passed_over)
        services, documents = known["stats"]
        return BuildResult(
            findings,
            self._sources(findings),
            fail_on,
            BuildStats(services, documents, unchanged=unchanged),
            skipped=skipped,
            checked=known["checked"],
        )

    def _sources(self, findings: Iterable[Finding]) -> tuple[Source, ...]:
        files = dict.fromkeys(finding.location.file for finding in findings)
        read = [(path, Disk(self.project).read(path, SERVICE_LIMIT)) for path in files]
        return tuple(Source(path, data, "service") for path, data in read if not isinstance(data, Unreadable))

    @property
    def _place(self) -> Store:
        return open_store(self.cache, self.project)

    def _load(self) -> dict[str, Any]:
        return self._place.load_mapping(_KIND, _NAME)

    def _store(self, known: dict[str, Any]) -> None:
        self._place.keep(_KIND, _NAME, marshal.dumps(known))


def _reported(result: BuildResult) -> tuple[list[Plain], str, list[Plain]]:
    """What there was to tell, as plain data."""
    findings, skipped = map(plain_finding, result.findings), map(plain_skipped, result.skipped)
    return list(findings), result.fail_on, list(skipped)


def _checked(result: BuildResult) -> tuple[int, int]:
    return result.checked or (len(result.sources), sum(len(source.documents) for source in result.sources))


def _as_emitted(data: bytes) -> bool:
    """Whether a file is laid out as we lay files out: a change by hand usually is not."""
    head, _, rest = data.partition(b"\n")
    source = parse("", rest, "manifest")
    if source_of(head) is None or source.problems:
        return False
    return emit_all(document.value for document in source.documents).encode() == rest
