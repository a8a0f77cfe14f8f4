"""What lint, validate and the tests find under the new release and not under the one that runs: each is asked twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sailwright.commands.lint.run import LintOptions, lint_request
from sailwright.commands.test.run_cases import run_tests
from sailwright.commands.upgrade_check.report import MESH, Entry, Kind, Owner
from sailwright.commands.upgrade_check.world import Upgrade, as_running, upgraded
from sailwright.commands.validate.worlds import check_worlds
from sailwright.diagnostics.finding import Finding
from sailwright.diagnostics.merge import merge
from sailwright.lint.run import lint
from sailwright.runtime.records import replace
from sailwright.source.files.files import PROJECT_FILE
from sailwright.validate.run import Settings
from sailwright.workspace.selection import CompiledWorld, Selection

if TYPE_CHECKING:
    from sailwright.mesh.world import World
    from sailwright.workspace.selection import Workspace

Found = tuple[tuple[Owner, Entry], ...]


def new_findings(workspace: Workspace, upgrades: Sequence[Upgrade]) -> list[Found]:
    """For each environment what is found there with the new release only."""
    if not upgrades:
        return []
    before = _all(workspace, upgrades, lambda upgrade: as_running(upgrade.world, upgrade.before))
    after = _all(workspace, upgrades, lambda upgrade: upgraded(upgrade.world, upgrade.to))
    owners = [(each.world.environment, owners_of(each)) for each in upgrades]
    return only_after(before, after, owners)


def owners_of(upgrade: Upgrade) -> dict[str, Owner]:
    """The services of an environment, by file."""
    return {file: Owner(service.key, file) for file, service in upgrade.services.items()}


def only_after(
    before: Iterable[Finding], after: Sequence[Finding], owners: Iterable[tuple[str | None, Mapping[str, Owner]]]
) -> list[Found]:
    """For each environment, given with its services by file, what is found there after the upgrade only."""
    known = {(_same(finding), environment) for finding in before for environment in _environments(finding)}
    return [_of(here, own, after, known) for here, own in owners]


def _of(
    here: str | None, owners: Mapping[str, Owner], after: Sequence[Finding], known: set[tuple[Finding, str | None]]
) -> Found:
    found: list[tuple[Owner, Entry]] = []
    for finding in after:
        same = _same(finding)
        if not {here, None}.isdisjoint(_environments(finding)) and known.isdisjoint({(same, here), (same, None)}):
            found.append((_owner(owners, finding), _entry(finding)))
    return tuple(found)


def _all(workspace: Workspace, upgrades: Sequence[Upgrade], side: Callable[[Upgrade], World]) -> tuple[Finding, ...]:
    """Everything that is found in these environments on one side of the upgrade."""
    worlds = tuple(CompiledWorld(side(upgrade), upgrade.compiled.services) for upgrade in upgrades)
    request = lint_request(workspace, LintOptions(Selection()))
    # what reading the files finds is the same on both sides
    request = replace(request, worlds=tuple(each.world for each in worlds), extra_worlds=(), problems=(), baseline=None)
    checked, *_ = check_worlds(
        replace(workspace, worlds=worlds, extra_worlds=()), Settings(), request.settings, kubernetes=(), istio=None
    )
    return merge((*lint(request).findings, *checked, *run_tests(worlds).findings))


def _same(finding: Finding) -> Finding:
    """What makes a finding the same on both sides."""
    return replace(finding, environments=(), help="", related=(), rendered=None, fix="", fingerprint="")


def _environments(finding: Finding) -> tuple[str | None, ...]:
    return finding.environments or (None,)


def _owner(owners: Mapping[str, Owner], finding: Finding) -> Owner:
    file = finding.location.file
    service = owners.get(file)
    if service is not None:
        return service
    if finding.object is None or file == PROJECT_FILE:
        return Owner(MESH)
    title = "/".join(part for part in (finding.object.namespace, finding.object.name) if part)
    return Owner(f"{finding.object.kind} {title}", file)


def _entry(finding: Finding) -> Entry:
    kind: Kind = "skew" if finding.rule == "proxy-version-skew" else "finding"
    return Entry(finding.rule, kind, finding.severity, finding.message, finding.help, finding.url, (finding.location,))
