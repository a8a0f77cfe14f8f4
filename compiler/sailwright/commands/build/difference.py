"""What a build would change on disk, and what `--check` says of it."""

from __future__ import annotations

import os
from collections.abc import Mapping

from sailwright.commands.build.built import Built
from sailwright.commands.build.output.disk import standing
from sailwright.commands.build.output.plan import Edited, Plan, Reason, Scope, Wanted, plan
from sailwright.diagnostics.finding import Finding, Location
from sailwright.project.model import Project
from sailwright.runtime.errors import Failure
from sailwright.runtime.pressed import plain
from sailwright.source.files.checkout import Disk
from sailwright.source.files.discovery import PROJECT_FILE


def planned(project: Project, built: Built, scope: Scope, edited: Edited) -> Plan:
    """Compare what was rendered with what stands in the output folder."""
    wanted = {file.path: Wanted(file.data or b"", file.source) for file in built.files}
    return plan(wanted, standing(output_root(project)), scope, separate_clusters(project), PROJECT_FILE, edited)


def separate_clusters(project: Project) -> frozenset[str]:
    """The folders whose parts are separate clusters."""
    return frozenset(("", *(name for name, environment in project.environments.items() if environment.clusters)))


def output_root(project: Project) -> str:
    """The output folder, as the commands reach it. Failure where a link is on the way: its target may be anything."""
    refuse_linked_output(project.root, project.output.path)
    return os.path.join(project.root, project.output.path)


def refuse_linked_output(root: str, output: str) -> None:
    """Raise Failure (status 3) where a folder of the output path is a link."""
    path = root
    for name in output.split("/"):
        path = os.path.join(path, name)
        if os.path.islink(path):
            what = "is reached through a link" if Disk(root).holds(output) else "leads out of the repository"
            raise Failure(f"{path}: the output folder {what}; remove the link", 3)


def stale(plan: Plan, project: Project) -> list[Finding]:
    """Every difference as a finding at the first line that differs; one for all where nothing was ever built."""
    if len(plan.changes) > 1 and not os.path.isdir(output_root(project)):
        message = f"missing: nothing is built yet: the build renders {len(plan.changes)} files, and there is no {project.output.path}/"
        location = Location(f"{project.output.path}/{plan.changes[0].path}")
        first = plan.changes[0].reason
        return [Finding(f"output-{first}", "error", message, location, _REASONS[first][1])]
    findings = []
    for change in plan.changes:
        reason, remedy = _REASONS[change.reason]
        file, message = f"{project.output.path}/{change.path}", f"{change.reason}: {reason}"
        location = Location(file)
        if change.old is not None and change.data is not None:
            location, wanted = _first_difference(
                file, change.old.decode("utf-8", "replace"), plain(change.data).decode()
            )
            message += f"; the build writes `{wanted}`" if wanted else ""
        findings.append(Finding(f"output-{change.reason}", "error", message, location, remedy))
    return findings


_REASONS: Mapping[Reason, tuple[str, str]] = {
    "missing": ("the build renders this file, and it is not there", "run `sailwright build` and commit the result"),
    "stale": ("this is no longer what the service file says", "run `sailwright build` and commit the result"),
    "hand-edited": (
        "this is not as sailwright left it",
        "make the change in the service file (`patches` where no field says it), then run `sailwright build`",
    ),
    "orphan": ("no service renders this file any more", "run `sailwright build`, which removes it"),
}


_SHOWN = 100
"""Characters of a line that are shown in a message."""


def _first_difference(file: str, old: str, new: str) -> tuple[Location, str]:
    """The first line of `old` that is not so in `new`, and what stands there instead."""
    before, after = old.split("\n"), new.split("\n")
    pairs = enumerate(zip(before, after, strict=False))
    at = next((number for number, (left, right) in pairs if left != right), min(len(before), len(after)) - 1)
    first = len(before[at]) - len(before[at].lstrip()) + 1
    return Location(file, at + 1, first, at + 1, len(before[at]) + 1), after[at].strip()[:_SHOWN]
