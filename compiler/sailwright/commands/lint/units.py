"""What rules that ask nothing of the mesh found in each service, kept: they run again for the services that have changed.

Those services are the ones of which anything else is rendered, or whose file is another. What every service depends on besides must be the
same: all other files, the hosts elsewhere, MeshConfig.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from sailwright.commands.lint.suppressions import plain_suppression, suppression_of
from sailwright.commands.rules import rule_of_module
from sailwright.diagnostics.plain import finding_of, plain_finding
from sailwright.lint.deduplicate import WorldFinding
from sailwright.lint.link_table import by_hand
from sailwright.lint.links import Places
from sailwright.lint.noted_fields import noting_worlds
from sailwright.lint.run import Judged, LintRequest, replacements
from sailwright.lint.run_rules import EnabledRule
from sailwright.lint.units import Units, likely_to_ask
from sailwright.lint.whole_mesh import REASONS
from sailwright.mesh.queries.uncertain import any_uncertain
from sailwright.mesh.world import World
from sailwright.project.model import Project
from sailwright.runtime.records import replace
from sailwright.source.files.discovery import PROJECT_FILE
from sailwright.source.files.recorded import Recorded
from sailwright.workspace.file_order import NOWHERE, is_of_service, places_of_files
from sailwright.workspace.selection import Workspace, WorldSet
from sailwright.workspace.service_change import service_patterns


def with_units(request: LintRequest, workspace: Workspace, known: Mapping[str, Any]) -> LintRequest:
    """The request with the units of the workspace, and what is known of them from the last run; as it is where there are none."""
    compiled = workspace.compiled
    if compiled is None or not compiled.rendered.digests or request.extra_worlds or not request.worlds:
        return request
    if request.elsewhere:
        return request
    services = rendered_from_services(compiled)
    services |= by_hand(((world.manifests, places_of(world)) for world in compiled.worlds), services)
    now = _around(workspace)
    units = Units(services, places_of_files(compiled), around=now)
    same = now is not None and known.get("around") == now and same_files_around(known["places"], units.places)
    if not same:
        likely = likely_to_ask(request.worlds[-1], ((each.rule, each.parameters) for each in request.chosen))
        units = replace(units, likely=likely)
    request = replace(request, worlds=noting_worlds(request.worlds, units.noted, services))
    if not same:
        return replace(request, units=units)
    former, digests = known["services"], compiled.rendered.digests
    again = frozenset(path for path, digest in digests.items() if former.get(path) != digest)
    rules = {each.rule.ID: number for number, each in enumerate(request.chosen)}
    asking = frozenset(known["asked"]) | REASONS.keys()
    earlier = [
        each
        for each in seen_earlier(known, rules, units.places)
        if each.finding.rule not in asking and services.get(each.file) not in again
    ]
    if earlier and any(any_uncertain(world.index) for world in request.worlds):
        return replace(request, units=units)
    units = replace(units, alone=frozenset(rules) - asking, again=again, asking=asking)
    return replace(request, units=units, earlier=tuple(earlier))


def rendered_from_services(compiled: WorldSet) -> dict[str, str]:
    """The service file of each rendered file that comes from one."""
    return {path: file for path, file in compiled.rendered_from.items() if file != PROJECT_FILE}


def places_of(world: World) -> Places:
    """What names mean in a cluster."""
    return Places(world.facts.cluster_domain, world.index.unnamed, world.index.mesh.root_namespace)


def plain_units(workspace: Workspace, judged: Judged, request: LintRequest) -> dict[str, Any]:
    """What to keep of the units, as plain data."""
    if workspace.compiled is None or request.units is None:
        return {"around": None}
    uncertain = any(any_uncertain(world.index) for world in request.worlds)
    digests = workspace.compiled.rendered.digests
    return plain_of_units(request.units, request.chosen, judged, digests, uncertain=uncertain)


def plain_of_units(
    units: Units, chosen: Sequence[EnabledRule], judged: Judged, digests: Mapping[str, str], *, uncertain: bool
) -> dict[str, Any]:
    """What to keep of units and of the rules that ran over them, as plain data. `digests` are those of what is rendered of services."""
    ids = [each.rule.ID for each in chosen]
    alone = [each for each in chosen if each.rule.ID in judged.busy - judged.asked]
    asking = [each for each in chosen if each.rule.ID in judged.busy & judged.asked]
    return {
        "ids": ids,
        "rules": plain_rules(alone),
        "asking rules": plain_rules(asking),
        "idle rules": plain_rules(each for each in chosen if each.rule.ID not in judged.busy),
        "replacements": dict(replacements(chosen)),
        "around": units.around,
        "services": dict(digests),
        "asked": sorted(judged.asked | (frozenset(ids) - judged.ran)),
        "noted": sorted(judged.noted),
        "around noted": sorted(judged.around),
        "asked around": sorted(judged.asked_around),
        "absent": sorted(judged.absent),
        "uncertain": uncertain,
        "places": [dict(each) for each in units.places],
        "seen": [plain_seen(each, ids) for each in judged.seen],
    }


RULES_WITH_SUBJECTS: Final = ("rules", "asking rules")
RULES: Final = (*RULES_WITH_SUBJECTS, "idle rules")
"""Under which names rules are known: those that ask nothing of the mesh, those that do, and those without a subject."""


def known_rules(known: Mapping[str, Any], *names: str) -> tuple[EnabledRule, ...] | None:
    """The rules that are known under these names, in their order; None where one is not there any more."""
    found = []
    for name in names:
        for module, severity, parameters in known[name]:
            rule = rule_of_module(module)
            if rule is None:
                return None
            found.append(EnabledRule(rule, severity, parameters))
    order = {rule: number for number, rule in enumerate(known["ids"])}
    return tuple(sorted(found, key=lambda each: order[each.rule.ID]))


def plain_rules(rules: Iterable[EnabledRule]) -> list[tuple[Any, ...]]:
    """Rules as plain data: the module of each, its severity and its parameters."""
    return [(each.rule.__name__, each.severity, dict(each.parameters)) for each in rules]


def plain_seen(each: WorldFinding, ids: Sequence[str]) -> tuple[Any, ...]:
    """A finding of a rule in a world as plain data. `ids` are those of the rules that run."""
    against = [plain_suppression(one) for one in each.against]
    return each.world, ids[each.rule], each.turn[0], each.turn[2], each.file, against, plain_finding(each.finding)


def seen_earlier(
    known: Mapping[str, Any], rules: Mapping[str, int], places: Sequence[Mapping[str, str]]
) -> Iterator[WorldFinding]:
    """What rules found in the last run, in files that are still there. `rules` has their numbers by ID."""
    for world, rule, part, count, path, against, plain in known["seen"]:
        place = places[world].get(path) if path else NOWHERE
        if place is not None:
            turn, suppressions = (part, place, count), tuple(map(suppression_of, against))
            yield WorldFinding(world, rules[rule], finding_of(plain), turn, path, suppressions)


def same_files_around(former: Sequence[Mapping[str, str]], places: Sequence[Mapping[str, str]]) -> bool:
    """Whether the files are the same that are no service's: of namespaces that services use there are Namespaces, Gateways and waypoints."""
    before, now = (
        [{path for path, place in each.items() if not is_of_service(place)} for each in some]
        for some in (former, places)
    )
    return before == now


def _around(workspace: Workspace) -> list[Any] | None:
    """What every service may depend on besides its own files, as plain data; None where that is not known."""
    compiled = workspace.compiled
    if compiled is None or compiled.rendered.records is None:
        return None
    own = {path for record in compiled.rendered.records.values() for path in record.reads}
    return around_units(compiled.project, compiled.worlds, own)


def around_units(project: Project, worlds: Sequence[World], own: Container[str]) -> list[Any] | None:
    """What every service may depend on besides its `own` files, as plain data; None where that is not known."""
    checkout = project.checkout
    if not isinstance(checkout, Recorded):
        return None
    ours = service_patterns(project)
    return [
        sorted((path, digest) for path, digest in checkout.reads.items() if path not in own),
        sorted((pattern, found) for pattern, found in checkout.globs.items() if pattern not in ours),
        [sorted(world.facts.absent_hosts) for world in worlds],
        [repr(world.index.mesh) for world in worlds],
    ]
