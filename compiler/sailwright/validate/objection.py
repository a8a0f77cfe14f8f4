"""What validation has against one object, before anybody asks where it stands in a file."""

from __future__ import annotations

from sailwright.diagnostics.finding import Finding, Path, Severity
from sailwright.diagnostics.rule_page import url
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest

#: The findings of the schemas. The webhook's are named by its rules.
SCHEMA_VIOLATION = "schema-violation"
SCHEMA_RULE = "schema-rule"
SCHEMA_MISSING = "schema-missing"
KIND_UNKNOWN = "kind-unknown"

ERRORS = ("IST0106",)
WARNINGS = ("IST0133",)
"""The codes of `istioctl analyze` for what Istio's webhook refuses and warns about."""


@dataclass(frozen=True, slots=True)
class Objection:
    """One thing that would be refused or warned about. `key`: the key at `path` is at fault, not its value."""

    rule: str
    path: Path
    message: str
    help: str = ""
    severity: Severity = "error"
    aliases: tuple[str, ...] = ()
    key: bool = False


def finding(objection: Objection, manifest: Manifest) -> Finding:
    """The finding at the place in the author's file."""
    place = manifest.locate(objection.path, key=objection.key)
    return Finding(
        rule=objection.rule,
        severity=objection.severity,
        message=objection.message,
        location=place.location,
        help=objection.help,
        aliases=objection.aliases,
        url=url(objection.rule),
        object=manifest.ref,
        path=place.path,
        rendered=place.rendered,
    )
