"""What a check says: like a Finding, with a path in the resolved tree in place of a location."""

from __future__ import annotations

from sailwright.diagnostics.finding import Finding, Path, Related, Severity
from sailwright.project.service.trace import Spot
from sailwright.runtime.records import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at `path` of a resolved service; `key` says that the key is meant, not its value."""

    rule: str
    severity: Severity
    path: Path
    message: str
    help: str = ""
    key: bool = False
    related: tuple[tuple[str, Spot], ...] = ()

    def finding(self, spot: Spot) -> Finding:
        """The finding, at the spot where its author wrote the cause."""
        related = tuple(Related(message, place.location()) for message, place in self.related)
        location = spot.location(key=self.key)
        return Finding(self.rule, self.severity, self.message, location, self.help, path=spot.path, related=related)
