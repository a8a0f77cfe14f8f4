"""The lint part of `check`: every rule, those included that look at the base commit; and what fails, by the settings that count.

Where results are kept, the rules that compare with the base run by themselves: what the others find is what `lint` finds, and is kept as
its results are.
"""

from __future__ import annotations

import marshal
from collections.abc import Mapping, Sequence
from typing import Any

from sailwright.commands.check.base import Base
from sailwright.commands.check.checked import Options, Part
from sailwright.commands.check.gate import Gate, base_changes, loaded_files, together
from sailwright.commands.check.parts import linted
from sailwright.commands.lint.results import LastRun, keep_results, known_units, program_of_rules
from sailwright.commands.lint.run import LintOptions, lint_request
from sailwright.commands.lint.units import plain_rules, plain_seen, with_units
from sailwright.commands.traces import KIND, Trace, around_digest, trace_of
from sailwright.lint.compared import run_compared, with_compared
from sailwright.lint.deduplicate import WorldFinding
from sailwright.lint.noted_fields import asked_anew
from sailwright.lint.rule import compares
from sailwright.lint.run import Judged, LintRequest, judge, lint, names_meant, replacements
from sailwright.lint.run_rules import EnabledRule
from sailwright.mesh.world import World
from sailwright.runtime.records import dataclass, replace
from sailwright.source.files.checkout import Commit
from sailwright.workspace.kept_rendering import KeptRendering
from sailwright.workspace.selection import Selection, Workspace
from sailwright.workspace.service_rows import name_of


@dataclass(frozen=True, slots=True)
class Keeping:
    """A run of which results are kept: what is known of the last lint, what is rendered, and the request, whose worlds note what is read.

    `asked_anew` are the same worlds for all but the lint: each of the two reads by itself what it needs, so that it is noted of both.
    """

    last: LastRun
    kept: KeptRendering
    request: LintRequest
    services: Mapping[str, str]
    asked_anew: tuple[World, ...]

    @property
    def around(self) -> bytes:
        """A digest of what all services may depend on."""
        around = self.request.units.around if self.request.units is not None else None
        return around_digest(around, program_of_rules(self.last.store))

    def packed(self, paths: frozenset[str]) -> Mapping[str, bytes] | None:
        """What is rendered of services."""
        return self.kept.packed(self.services, {}, paths)

    def noted(self) -> set[tuple[str, str]]:
        """The fields that were read so far."""
        return set(self.request.units.noted) if self.request.units is not None else set()


def keeping(workspace: Workspace, last: LastRun) -> Keeping | None:
    """A run whose results are kept; None where they cannot be."""
    compiled = workspace.compiled
    if compiled is None or workspace.extra_files:
        return None
    request = with_units(
        lint_request(workspace, LintOptions(Selection(project=last.root))), workspace, known_units(last)
    )
    if request.units is None or request.units.around is None:
        return None
    kept = KeptRendering(last.store, name_of(compiled.rendered.compilation.targets))
    return Keeping(last, kept, request, compiled.rendered.digests, asked_anew(request.worlds))


def lint_part(options: Options, workspace: Workspace, by: Gate, base: Base, kept: Keeping | None) -> tuple[Part, str]:
    """Run the rules; and the severity that fails."""
    changes = by.changes
    sides = base.sides
    if sides is not None and sides.before is not None and options.config_ref is None:
        document = sides.before.project.document
        commit = Commit(options.root, sides.commit)
        changes = base_changes(loaded_files(by.workspaces[0]), document, commit, sides.commit[:12])
    judged = _judged(kept, workspace, base) if kept is not None else None
    if kept is not None and judged is not None:
        requests = [kept.request]
        results = [lint(replace(kept.request, changes=(*kept.request.changes, *changes)), judged)]
    else:
        how = LintOptions(Selection(project=options.root), config_ref=by.ref)
        requests = [_request(options, lint_request(each, how), each, base) for each in by.workspaces]
        requests[0] = replace(requests[0], changes=(*requests[0].changes, *changes))
        results = [lint(request) for request in requests]
    found = together([result.findings for result in results])
    crashed = any(result.crashed for result in results)
    part = linted(options, base, found, results[0].suppressed)
    return replace(part, status=3 if crashed else 0), requests[0].settings.fail_on


def _request(options: Options, request: LintRequest, workspace: Workspace, base: Base) -> LintRequest:
    """What to lint, with the worlds of the base beside those of the project."""
    if options.workers is not None and options.config_ref is None:
        from sailwright.commands.lint.by_workers import by_workers

        before = base.sides.before if base.sides is not None else None
        request = replace(request, elsewhere=by_workers(options.workers, workspace.compiled, before))
    if base.sides is None or workspace.compiled is None:
        return request
    from sailwright.commands.diff.base_and_head import paired

    return replace(request, worlds=paired(replace(base.sides, after=workspace.compiled)))


def _judged(kept: Keeping, workspace: Workspace, base: Base) -> Judged | None:
    """What the rules find, which is kept; None where one of them crashes: all run again then, as if nothing were kept."""
    request = kept.request
    sides = base.sides
    twins = {(each.environment, each.cluster): each for each in sides.before.worlds} if sides and sides.before else {}
    bases = [twins.get((each.environment, each.cluster)) for each in request.worlds]
    compared = run_compared(kept.asked_anew, bases, request.chosen, names_meant(request))
    noted = kept.noted()
    judged = judge(request)
    if compared is None or judged.crashes:
        return None
    keep_results(kept.last, workspace, request, judged)
    if base.tree is not None:
        packed = kept.packed(frozenset(kept.services))
        if packed is not None:
            _keep(kept, workspace, base, trace_of(kept.services, packed, noted), compared)
    comparing = (each.rule.ID for each in request.chosen if compares(each.rule))
    return with_compared(judged, compared, comparing, replacements(request.chosen))


def _keep(kept: Keeping, workspace: Workspace, base: Base, trace: Trace, compared: Sequence[WorldFinding]) -> None:
    links = _links(kept, workspace, base)
    rendered = workspace.compiled.rendered_from if workspace.compiled is not None else {}
    keep_comparison(kept.last, base.tree, kept.around, trace, compared, kept.request.chosen, rendered, links)


def keep_comparison(
    last: LastRun,
    tree: str | None,
    around: bytes,
    trace: Trace,
    compared: Sequence[WorldFinding],
    chosen: Sequence[EnabledRule],
    rendered: Mapping[str, str],
    links: Mapping[str, Any],
) -> None:
    """Keep what rules find that compare with the base of this `tree`, of all that were `chosen`; and what to know of it.

    `around` is a digest of what all services may depend on, `rendered` has the file that each rendered file comes
    from.
    """
    ids = [each.rule.ID for each in chosen]
    comparing = [each for each in chosen if compares(each.rule)]
    known = {
        "base": tree,
        "around": around,
        "trace": trace.plain(),
        "seen": [plain_seen(each, ids) for each in compared],
        "comparing": [each.rule.ID for each in comparing],
        "rules": plain_rules(comparing),
        "rendered": dict(sorted(rendered.items())),
        **links,
    }
    last.store.keep(KIND, last.name, marshal.dumps(known))


def _links(kept: Keeping, workspace: Workspace, base: Base) -> dict[str, Any]:
    """What to know of who is linked to whom, on disk or at the base, and of what is around the services."""
    if workspace.compiled is None:
        return {"links": None, "rendered around": None}
    from sailwright.commands.check.linked import keep_both
    from sailwright.workspace.around_services import digest_of_rendered

    before = base.sides.before if base.sides is not None else None
    links = keep_both(kept.last.store, kept.last.name, workspace.compiled, before)
    return {**links, "rendered around": digest_of_rendered(workspace.compiled.rendered)}
