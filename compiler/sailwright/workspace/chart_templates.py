"""Which template of a chart a line of what helm prints comes from, and where in it that line can be found.

helm writes `# Source: CHART/templates/FILE` above each document. A line that its template has once, as it is printed, is that line;
what actions make has no line, and the template itself is named.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence

from sailwright.diagnostics.finding import Finding, Location, Related
from sailwright.runtime.records import replace
from sailwright.runtime.regex import regex
from sailwright.source.source import MANIFEST_LIMIT, Source

_SOURCE = regex(r"# Source: [^/\s]+/(.+)")


def with_templates(
    findings: Iterable[Finding], sources: Iterable[Source], charts: Mapping[str, str]
) -> tuple[Finding, ...]:
    """The findings, those about what helm prints with the template too. `charts` are the folders of charts by the names of the texts."""
    lines = {source.path: source.lines for source in sources if source.path in charts}
    templates: dict[str, list[str]] = {}
    return tuple(
        _with_template(each, lines[each.location.file], charts[each.location.file], templates)
        if each.location.file in lines
        else each
        for each in findings
    )


def _with_template(finding: Finding, lines: Sequence[str], chart: str, templates: dict[str, list[str]]) -> Finding:
    above = reversed(lines[: finding.location.line])
    inside = next((found[1].strip() for line in above if (found := _SOURCE.fullmatch(line))), "")
    path = os.path.normpath(os.path.join(chart, inside))
    if not inside or inside.startswith("/") or ".." in inside.split("/") or not os.path.isfile(path):
        return finding
    if path not in templates:
        with open(path, "rb") as file:
            templates[path] = file.read(MANIFEST_LIMIT).decode("utf-8", "replace").splitlines()
    printed = lines[finding.location.line - 1].strip()
    same = [number for number, line in enumerate(templates[path], 1) if line.strip() == printed]
    line = same[0] if len(same) == 1 else 1
    place = Related("the template it is rendered from", Location(path, line, 1, line, 1))
    return replace(finding, related=(*finding.related, place))
