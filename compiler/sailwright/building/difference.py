"""What a build would change on disk, and what `--check` says of it."""

from __future__ import annotations

import os
from collections.abc import Mapping

from sailwright.building.rendered import Built
from sailwright.errors import Failure
from sailwright.finding import Finding, Location
from sailwright.output.disk import standing
from sailwright.output.plan import Edited, Plan, Reason, Scope, Wanted, plan
from sailwright.project import Project
from sailwright.source.files import PROJECT_FILE


def planned(project: Project, built: Built, scope: Scope, edited: Edited) -> Plan:
    """Compare what was rendered with what stands in the output folder."""
    wanted = {file.path: Wanted(file.data or b"", file.source) for file in built.files}
    apart = {""} | {name for name, environment in project.environments.items() if environment.clusters}
    return plan(wanted, standing(output_root(project)), scope, apart, PROJECT_FILE, edited)


def output_root(project: Project) -> str:
    """The output folder, as the commands reach it. Failure where a link on the way leads out of the repository."""
    path = os.path.join(project.root, project.output.path)
    if not project.checkout.holds(project.output.path):
        raise Failure(f"{path}: the output folder leads out of the repository; remove the link", 3)
    return path


def stale(plan: Plan, project: Project) -> list[Finding]:
    """Every difference as a finding at the first line that differs."""
    findings = []
    for change in plan.changes:
        reason, remedy = _REASONS[change.reason]
        line = _first_difference(change.old or b"", change.data or b"") if change.old is not None else 1
        location = Location(f"{project.output.path}/{change.path}", line, 1, line, 2)
        findings.append(Finding(f"output-{change.reason}", "error", f"{change.reason}: {reason}", location, remedy))
    return findings


_REASONS: Mapping[Reason, tuple[str, str]] = {
    "missing": ("the build renders this file, and it is not there", "run `sailwright build` and commit the result"),
    "stale": ("the build renders something else from here on", "run `sailwright build` and commit the result"),
    "hand-edited": (
        "this is not as sailwright left it, from here on",
        "make the change in the service file (`patches` where no field says it), then run `sailwright build`",
    ),
    "orphan": ("no service renders this file any more", "run `sailwright build`, which removes it"),
}


def _first_difference(old: bytes, new: bytes) -> int:
    """The number of the first line of `old` that is not so in `new`."""
    before, after = old.split(b"\n"), new.split(b"\n")
    pairs = zip(before, after, strict=False)
    return next(
        (number for number, (left, right) in enumerate(pairs, 1) if left != right), min(len(before), len(after))
    )
