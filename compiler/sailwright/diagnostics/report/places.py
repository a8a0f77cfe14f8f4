"""File names as the user sees them, who need not stand in the project's folder."""

from __future__ import annotations

import os

from sailwright.diagnostics.finding import Finding, Location
from sailwright.runtime.records import replace


def from_here(file: str, root: str) -> str:
    """A file named as seen from the folder `root`, named as seen from the working folder."""
    return file if root in ("", ".") or file == "-" else os.path.relpath(os.path.join(root, file)).replace(os.sep, "/")


def placed(finding: Finding, root: str) -> Finding:
    """A finding whose files are named as seen from `root`, named as seen from the working folder."""
    if root in ("", "."):
        return finding

    def moved(location: Location) -> Location:
        return replace(location, file=from_here(location.file, root))

    related = tuple(replace(each, location=moved(each.location)) for each in finding.related)
    rendered = finding.rendered and replace(finding.rendered, file=from_here(finding.rendered.file, root))
    return replace(finding, location=moved(finding.location), related=related, rendered=rendered)
