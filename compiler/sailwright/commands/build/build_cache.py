"""What the last build on this machine read and wrote, so that a build of the same files need not be done again.

It never decides what is written: every input that is remembered is compared, by its date and size or else by its digest, with the one
that stands now, and so is the program itself. It also tells a file that was edited by hand from one that is out of date; without it, a file that sailwright
would have laid out otherwise counts as edited.
"""

from __future__ import annotations

import marshal
import os
import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from sailwright.commands.build.options import BuildResult, BuildStats
from sailwright.commands.build.output.disk import standing
from sailwright.diagnostics.finding import Finding
from sailwright.render.layout import source_of
from sailwright.runtime.cache import Cache
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass
from sailwright.source.emit import emit_all
from sailwright.source.files.checkout import Commit, Disk, Unreadable, resolve_commit
from sailwright.source.files.recorded import digest
from sailwright.source.files.regular import read_regular
from sailwright.source.source import MANIFEST_LIMIT, SERVICE_LIMIT, Source, parse

if TYPE_CHECKING:
    from sailwright.commands.build.render_all import Built

_KIND = "builds"
_YOUNG = 2_000_000_000
"""Nanoseconds: a file changed this shortly before it was noted may change again within one tick of its clock."""

_KEPT = 1 << 20
"""Bytes of output that are kept, so that a small project need not be rendered again where its output was removed."""

Stamp = tuple[int, int, int, int]
"""Date of change, of status change, size and inode: together they are new for a file that was written again."""


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

    def remember(self, files: Mapping[str, bytes]) -> None:
        """Note the files of a build that wrote a part; what was known of the whole no longer holds."""
        written = self._load().get("written", {})
        self._store({"written": written | {path: digest(data) for path, data in files.items()}})

    def remember_whole(
        self,
        built: Built,
        files: Mapping[str, bytes],
        output: str,
        separate_clusters: Iterable[str],
        result: BuildResult,
    ) -> None:
        """Note a whole build: what was read for it, what stands in its `output` folder, and what there was to tell."""
        import pickle

        manifests = {file.path: (file.source, file.data) for file in built.files if file.data is not None}
        small = sum(len(data) for _, data in manifests.values()) <= _KEPT
        written = {path: digest(data) for path, data in files.items()}
        stands = standing(os.path.join(self.project, output))
        stats = result.stats
        self._store(
            {
                "program": _program(),
                "output": output,
                "written": written,
                "others": sorted(stands.files - written.keys()),
                "reads": dict(built.reads),
                "globs": dict(built.globs),
                "stamps": _stamps(self.project, [*built.reads, *(f"{output}/{path}" for path in written)]),
                "noted": time.time_ns(),
                "reported": pickle.dumps((result.findings, result.fail_on, result.skipped)),
                "stats": (stats.services, stats.documents) if stats else (0, 0),
                "kept": (manifests, sorted(separate_clusters)) if small else None,
            }
        )

    def lookup(self) -> BuildResult | None:
        """The result of a whole build where nothing at all has changed since the last one; None where anything has."""
        known = self._load()
        if not self._same_inputs(known) or not self._same_output(known):
            return None
        return self._result(known, unchanged=len(known["written"]))

    def cached_output(self) -> CachedOutput | None:
        """The output of the last whole build, where it was kept and nothing that was read for it has changed."""
        known = self._load()
        if not known.get("kept") or not self._same_inputs(known):
            return None
        manifests, separate_clusters = known["kept"]
        if any(digest(data) != known["written"].get(path) for path, (_, data) in manifests.items()):
            return None
        return CachedOutput(known["output"], manifests, tuple(separate_clusters), self._result(known))

    def _result(self, known: Mapping[str, Any], unchanged: int = 0) -> BuildResult:
        import pickle

        findings, fail_on, skipped = pickle.loads(known["reported"])  # noqa: S301  # sealed with the rest
        services, documents = known["stats"]
        return BuildResult(
            findings,
            self._sources(findings),
            fail_on,
            BuildStats(services, documents, unchanged=unchanged),
            skipped=skipped,
        )

    def _same_inputs(self, known: Mapping[str, Any]) -> bool:
        """Whether this program would read the very same files."""
        if known.get("program") != _program():
            return False
        disk = Disk(self.project)
        if any(disk.glob(pattern) != found for pattern, found in known["globs"].items()):
            return False
        return all(self._unchanged(path, wanted, known) for path, wanted in known["reads"].items())

    def _same_output(self, known: Mapping[str, Any]) -> bool:
        """Whether the output folder is as it was left."""
        output, written = known["output"], known["written"]
        stands = standing(os.path.join(self.project, output))
        if stands.files != {*written, *known["others"]} or stands.links:
            return False
        return all(self._unchanged(f"{output}/{path}", wanted, known) for path, wanted in written.items())

    def _unchanged(self, path: str, wanted: bytes, known: Mapping[str, Any]) -> bool:
        """By its stamp, or where that says nothing by its bytes."""
        where = os.path.join(self.project, path)
        stamp = _stamp(where)
        if stamp is None:
            return False
        if stamp == known["stamps"].get(path) and max(stamp[:2]) < known["noted"] - _YOUNG:
            return True
        data = read_regular(where, MANIFEST_LIMIT)
        return isinstance(data, bytes) and digest(data) == wanted

    def _sources(self, findings: Iterable[Finding]) -> tuple[Source, ...]:
        files = dict.fromkeys(finding.location.file for finding in findings)
        read = [(path, Disk(self.project).read(path, SERVICE_LIMIT)) for path in files]
        return tuple(Source(path, data, "service") for path, data in read if not isinstance(data, Unreadable))

    def _load(self) -> dict[str, Any]:
        data = self.cache.load(_KIND, self._key())
        try:
            known = marshal.loads(data) if data else {}  # noqa: S302  # sealed: this user's own program wrote it
        except (ValueError, EOFError, TypeError):
            return {}
        return known if isinstance(known, dict) else {}

    def _store(self, known: dict[str, Any]) -> None:
        self.cache.store(_KIND, self._key(), marshal.dumps(known))

    def _key(self) -> str:
        return digest(os.path.realpath(self.project).encode()).hex()[:32]


def _stamps(folder: str, paths: Iterable[str]) -> dict[str, Stamp]:
    stamps = ((path, _stamp(os.path.join(folder, path))) for path in paths)
    return {path: stamp for path, stamp in stamps if stamp is not None}


def _stamp(path: str) -> Stamp | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino


def _program() -> bytes:
    """What tells this program from any other version of it: the stamps of all its modules, schemas and templates."""
    import sailwright
    import sailwright_templates

    found = []
    waiting = [*sailwright.__path__, *sailwright_templates.__path__]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if not entry.is_dir():
                    status = entry.stat()
                    found.append((entry.path, status.st_mtime_ns, status.st_size))
                elif entry.name != "__pycache__":
                    waiting.append(entry.path)
    return digest(repr(sorted(found)).encode())


def _as_emitted(data: bytes) -> bool:
    """Whether a file is laid out as we lay files out: a change by hand usually is not."""
    head, _, rest = data.partition(b"\n")
    source = parse("", rest, "manifest")
    if source_of(head) is None or source.problems:
        return False
    return emit_all(document.value for document in source.documents).encode() == rest
