"""Files by themselves, held to what the API server and Istio would refuse. Many are shared out among processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sailwright.commands.validate.suppressions import without_suppressed
from sailwright.diagnostics.finding import Finding, Summary
from sailwright.diagnostics.merge import order
from sailwright.runtime.process_pool import WORTH_A_FORK, can_fork, processors, spread
from sailwright.runtime.progress import counted
from sailwright.runtime.records import dataclass, replace
from sailwright.source.files.files import nothing_piped, read_named
from sailwright.source.source import Source, release
from sailwright.validate.objects import Objects, objects
from sailwright.validate.run import Settings, validate_each
from sailwright.validate.schemas.imported import defined
from sailwright.validate.schemas.kubernetes import is_builtin

if TYPE_CHECKING:
    from sailwright.lint.rule import Rule
    from sailwright.lint.settings import Settings as LintSettings
    from sailwright.validate.schemas.crd import CustomResource

Rules = Callable[[], "Iterable[Rule]"]
Prepare = Callable[[Source, Objects], Objects]
"""What else is known of the objects of a file: the namespace they are put in, and what kustomize makes of them."""
Kinds = tuple["CustomResource", ...]
Read = tuple[Source, Objects]

_LARGE = 1 << 16
"""Bytes from which a file is worth forgetting early."""
_HELD = 4 << 20
"""Bytes of large files that are checked together: as data they take four times as much."""


@dataclass(frozen=True, slots=True)
class Checked:
    """The results for some files. `sources` are those that have a finding, for its snippet."""

    findings: tuple[Finding, ...]
    summary: Summary
    sources: tuple[Source, ...]


def _as_read(_: Source, found: Objects) -> Objects:
    return found


def check_files(
    names: Sequence[str],
    settings: Settings,
    lint: LintSettings | None,
    rules: Rules,
    prepare: Prepare = _as_read,
    parts: Mapping[str, str] | None = None,
    known: Mapping[str, Source] | None = None,
) -> Checked:
    """Files as they are: the custom kinds that one defines count for all. Alike for any number of processes.

    `parts` are files that hold no objects, each with the reason, `known` those that were read already, by their normal names.
    """
    jobs = _jobs(names, settings)
    size = -(-len(names) // jobs) or 1
    shares = [names[start : start + size] for start in range(0, len(names), size)] or [names]

    def source_of(name: str) -> Source:
        part = (parts or {}).get(name, "")
        found = None if part or known is None else known.get(os.path.normpath(name))
        return found or read_named(name, part=part)

    def work(share: Sequence[str]) -> Generator[Kinds, Kinds, Checked]:
        read = ((name, source_of(name)) for name in counted(dict.fromkeys(share), "validating"))
        sources = (source for name, source in read if not nothing_piped(name, source))
        return _checking(sources, settings, lint, rules, prepare)

    return _together(spread(shares, work, _all_kinds))


def check_sources(
    sources: Sequence[Source],
    settings: Settings,
    lint: LintSettings | None,
    rules: Rules,
    prepare: Prepare = _as_read,
) -> Checked:
    """The same for files that were read."""
    return _together(spread([sources], lambda share: _checking(share, settings, lint, rules, prepare), _all_kinds))


def _jobs(names: Sequence[str], settings: Settings) -> int:
    """kubeconform is started once a run, and what is piped in is read once."""
    if settings.kubeconform is not None or "-" in names or len(names) < 2 * WORTH_A_FORK or not can_fork():
        return 1
    return min(processors(), len(names) // WORTH_A_FORK)


def _checking(
    sources: Iterable[Source],
    settings: Settings,
    lint: LintSettings | None,
    rules: Rules,
    prepare: Prepare = _as_read,
) -> Generator[Kinds, Kinds, Checked]:
    """Pauses once: it says which custom kinds these files define, and is sent those of all files.

    Large files that no custom kind can concern, as definitions, are checked and forgotten as they come.
    """
    kinds: list[CustomResource] = []
    waiting: list[Read] = []
    large: list[Read] = []
    done: list[Checked] = []
    for source in sources:
        found = prepare(source, objects(source))
        kinds += (replace(kind, file=source.path) for kind in defined(found.manifests))
        (large if _stands_alone(source, found) else waiting).append((source, found))
        if sum(len(each.data) for each, _ in large) > _HELD:
            done.append(_check(large, settings, lint, rules, forget=True))
            large = []
    done.append(_check(large, settings, lint, rules, forget=True))
    everywhere = yield tuple(kinds)
    settings = replace(settings, imported=(*settings.imported, *everywhere))
    return _together([*done, _check(waiting, settings, lint, rules)])


def _stands_alone(source: Source, found: Objects) -> bool:
    """Is this a large file with nothing but kinds of Kubernetes' own? Definitions of 1 MB and more are, and dashboards."""
    return len(source.data) > _LARGE and all(is_builtin(manifest.api_version) for manifest in found.manifests)


def _check(
    read: Sequence[Read], settings: Settings, lint: LintSettings | None, rules: Rules, *, forget: bool = False
) -> Checked:
    manifests = [manifest for _, found in read for manifest in found.manifests]
    results = zip(manifests, validate_each(manifests, settings), strict=True)
    kept, suppressed = without_suppressed(results, [source for source, _ in read], rules, lint)
    findings = tuple(dict.fromkeys((*(finding for _, found in read for finding in found.findings), *kept)))
    skipped = tuple(each for _, found in read for each in found.skipped)
    documents = sum(len(source.documents) for source, _ in read)
    faulty = {finding.location.file for finding in findings}
    sources = tuple(Source(each.path, each.data, each.dialect) for each, _ in read if each.path in faulty)
    for source, _ in read if forget else ():
        release(source)
    return Checked(findings, Summary(len(read), documents, skipped, suppressed), sources)


def _all_kinds(said: Sequence[Kinds]) -> Kinds:
    return tuple(kind for kinds in said for kind in kinds)


def _together(parts: Sequence[Checked]) -> Checked:
    summary = Summary(
        sum(part.summary.files for part in parts),
        sum(part.summary.documents for part in parts),
        tuple(each for part in parts for each in part.summary.skipped),
        sum(part.summary.suppressed for part in parts),
    )
    return Checked(
        tuple(sorted((finding for part in parts for finding in part.findings), key=order)),
        summary,
        tuple(source for part in parts for source in part.sources),
    )
