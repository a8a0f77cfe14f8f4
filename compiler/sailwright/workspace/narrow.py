"""PATHS narrow what is reported: the findings about the selected files, and about those below a selected folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence

from sailwright.diagnostics.finding import Finding

Selected = Callable[[str], bool]
"""Whether a file, named as the project names it, is selected."""


def selected(paths: Sequence[str], root: str) -> Selected:
    """Whether a file is one of PATHS or lies below one. No PATHS select everything."""
    chosen = [os.path.realpath(path) for path in paths if path != "-"]

    def is_selected(file: str) -> bool:
        real = os.path.realpath(os.path.join(root, file))
        return not paths or any(real == path or real.startswith(path.rstrip(os.sep) + os.sep) for path in chosen)

    return is_selected


def narrow(
    findings: Iterable[Finding], is_selected: Selected, or_related: Selected = lambda _file: False
) -> tuple[Finding, ...]:
    """The findings in selected files, and those of which a related place is in a file that `or_related` takes."""
    return tuple(
        finding
        for finding in findings
        if is_selected(finding.location.file) or any(or_related(each.location.file) for each in finding.related)
    )
