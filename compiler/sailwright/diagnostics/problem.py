"""What a check says: like a Finding, with a path inside the object that was checked in place of a line of a file."""

from __future__ import annotations

from sailwright.diagnostics.finding import Finding, Location, Path, Related, Severity
from sailwright.runtime.records import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at `path` of an object, and what to do about it. `key`: the key there is meant, not its value.

    `rule` names the check; of a schema's problem it is the keyword that is broken, until the caller names a rule.
    `aliases` are the codes under which other tools report the same.
    """

    path: Path
    message: str
    help: str = ""
    severity: Severity = "error"
    rule: str = ""
    related: tuple[Related, ...] = ()
    key: bool = False
    aliases: tuple[str, ...] = ()

    def finding(self, location: Location, path: Path, rule: str = "") -> Finding:
        """The finding, at the place where an author wrote the cause; `rule` replaces the problem's own."""
        return Finding(
            rule or self.rule,
            self.severity,
            self.message,
            location,
            self.help,
            self.aliases,
            path=path,
            related=self.related,
        )
