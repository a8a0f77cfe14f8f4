"""Findings as plain data and back, for what is kept between runs: no class of ours is named in it."""

from __future__ import annotations

from typing import Any

from sailwright.diagnostics.finding import Finding, Location, ObjectRef, Related, Rendered, Skipped

Plain = tuple[Any, ...]


def plain_finding(finding: Finding) -> Plain:
    """A finding as tuples of text and numbers, which marshal and JSON take."""
    return (
        finding.rule,
        finding.severity,
        finding.message,
        plain_location(finding.location),
        finding.help,
        finding.aliases,
        finding.url,
        finding.environments,
        None if (ref := finding.object) is None else (ref.api_version, ref.kind, ref.namespace, ref.name),
        finding.path,
        None if (shown := finding.rendered) is None else (shown.file, shown.line, shown.path),
        tuple((each.message, plain_location(each.location)) for each in finding.related),
        finding.fingerprint,
        finding.fix,
    )


def finding_of(plain: Plain) -> Finding:
    """The finding that `plain_finding` made this of."""
    (rule, severity, message, location, remedy, aliases, url, environments) = plain[:8]
    ref, path, shown, related, fingerprint, fix = plain[8:]
    return Finding(
        rule,
        severity,
        message,
        Location(*location),
        remedy,
        aliases,
        url,
        environments,
        None if ref is None else ObjectRef(*ref),
        path,
        None if shown is None else Rendered(*shown),
        tuple(Related(text, Location(*place)) for text, place in related),
        fingerprint,
        fix,
    )


def plain_location(location: Location) -> Plain:
    """A location as a tuple; `Location(*plain)` is it again."""
    return (location.file, location.line, location.column, location.end_line, location.end_column)


def plain_skipped(skipped: Skipped) -> Plain:
    """A skipped input as a tuple of text; `Skipped(*plain)` is it again."""
    return (skipped.file, skipped.reason)
