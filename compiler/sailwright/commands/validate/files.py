"""Files by themselves, held to what the API server and Istio would refuse. Many are shared out among processes."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from typing import TYPE_CHECKING

from sailwright.commands.validate.suppressions import without_suppressed
from sailwright.diagnostics.finding import Finding, Summary
from sailwright.diagnostics.merge import order
from sailwright.runtime.process_pool import WORTH_A_FORK, can_fork, processors, spread
from sailwright.runtime.records import dataclass, replace
from sailwright.source import Source
from sailwright.source.files.files import nothing_piped, read_named
from sailwright.validate.objects import objects
from sailwright.validate.run import Settings, validate_each
from sailwright.validate.schemas.crd import CustomResource
from sailwright.validate.schemas.imported import defined

if TYPE_CHECKING:
    from sailwright.lint.rule import Rule
    from sailwright.lint.settings import Settings as LintSettings

Rules = Callable[[], "Iterable[Rule]"]
Kinds = tuple[CustomResource, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """The results for some files. `sources` are those that have a finding, for its snippet."""

    findings: tuple[Finding, ...]
    summary: Summary
    sources: tuple[Source, ...]


def check_files(names: Sequence[str], settings: Settings, lint: LintSettings | None, rules: Rules) -> Checked:
    """Files as they are: the custom kinds that one defines count for all. Alike for any number of processes."""
    jobs = _jobs(names, settings)
    size = -(-len(names) // jobs) or 1
    shares = [names[start : start + size] for start in range(0, len(names), size)] or [names]

    def work(share: Sequence[str]) -> Generator[Kinds, Kinds, Checked]:
        read = {name: read_named(name) for name in share}
        given = [source for name, source in read.items() if not nothing_piped(name, source)]
        return _checking(given, settings, lint, rules)

    return _together(spread(shares, work, _all_kinds))


def check_sources(sources: Sequence[Source], settings: Settings, lint: LintSettings | None, rules: Rules) -> Checked:
    """The same for files that were read."""
    return _together(spread([sources], lambda share: _checking(share, settings, lint, rules), _all_kinds))


def _jobs(names: Sequence[str], settings: Settings) -> int:
    """kubeconform is started once a run, and what is piped in is read once."""
    if settings.kubeconform is not None or "-" in names or len(names) < 2 * WORTH_A_FORK or not can_fork():
        return 1
    return min(processors(), len(names) // WORTH_A_FORK)


def _checking(
    sources: Sequence[Source], settings: Settings, lint: LintSettings | None, rules: Rules
) -> Generator[Kinds, Kinds, Checked]:
    """Pauses once: it says which custom kinds these files define, and is sent those of all files."""
    read = [objects(source) for source in sources]
    found = [manifest for each in read for manifest in each.manifests]
    kinds = yield tuple(defined(found))
    settings = replace(settings, imported=(*settings.imported, *kinds))
    results = zip(found, validate_each(found, settings), strict=True)
    kept, suppressed = without_suppressed(results, sources, rules, lint)
    findings = (*(finding for each in read for finding in each.findings), *kept)
    skipped = tuple(each for one in read for each in one.skipped)
    documents = sum(len(source.documents) for source in sources)
    faulty = {finding.location.file for finding in findings}
    shown = tuple(Source(each.path, each.data, each.dialect) for each in sources if each.path in faulty)
    return Checked(findings, Summary(len(sources), documents, skipped, suppressed), shown)


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
