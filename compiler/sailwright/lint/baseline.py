"""The baseline: findings that were there before, kept in a file by fingerprint, so that only new ones are reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sailwright.diagnostics.finding import Finding, Location
from sailwright.diagnostics.fingerprint import file_name
from sailwright.lint.engine_findings import engine_finding
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass

VERSION = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """A finding that is known. It holds no line, no environment and no rendered path."""

    fingerprint: str
    rule: str
    file: str
    object: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """The entries of a baseline file; `path` and `text` show where a stale one stands."""

    path: str
    text: str
    entries: tuple[Entry, ...]


def open_baseline(path: str, *, may_be_new: bool = False) -> Baseline:
    """Read a baseline file; an empty one where it is yet to be written. Raises Failure (status 2) as `read_baseline`."""
    import os.path

    if not os.path.exists(path):
        if may_be_new:
            return Baseline(path, "", ())
        raise Failure(f"{path}: there is no such baseline: --update-baseline writes it")
    with open(path, encoding="utf-8", errors="replace") as file:
        return read_baseline(path, file.read())


def read_baseline(path: str, text: str) -> Baseline:
    """Read a baseline. Raises Failure (status 2) where the text is none."""
    import json

    try:
        document = json.loads(text)
        if document["version"] != VERSION:
            raise Failure(
                f"{path}: baseline version {document['version']} is not known: write it anew with --update-baseline"
            )
        entries = tuple(_entry(given) for given in document["findings"])
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Failure(f"{path}: this is no baseline: write it anew with --update-baseline") from None
    return Baseline(path, text, entries)


def without_known(findings: Iterable[Finding], baseline: Baseline) -> list[Finding]:
    """The findings that the baseline does not hold."""
    known = {entry.fingerprint for entry in baseline.entries}
    return [finding for finding in findings if finding.fingerprint not in known]


def stale(baseline: Baseline, found: Iterable[Finding], judged: Callable[[Entry], bool]) -> Iterator[Finding]:
    """A finding for each entry whose fault is gone; `judged` says whether this run could have seen it."""
    there = {finding.fingerprint for finding in found}
    for entry in baseline.entries:
        if entry.fingerprint not in there and judged(entry):
            message = f"the baseline still holds {entry.rule} of {entry.object or entry.file}, which is gone"
            yield engine_finding(
                "baseline-stale", message, "rewrite it with --update-baseline", _location(baseline, entry)
            )


def updated(old: Baseline, findings: Iterable[Finding], judged: Callable[[Entry], bool]) -> str:
    """The text of the baseline that holds today's findings, and the entries that this run could not judge."""
    import json

    kept = {entry for entry in old.entries if not judged(entry)}
    fresh = {_known(finding) for finding in findings}
    entries = sorted(kept | fresh, key=lambda entry: (entry.file, entry.rule, entry.object, entry.fingerprint))
    listed = [
        {"fingerprint": entry.fingerprint, "rule": entry.rule, "file": entry.file, "object": entry.object}
        for entry in entries
    ]
    return json.dumps({"version": VERSION, "findings": listed}, indent=2) + "\n"


def _known(finding: Finding) -> Entry:
    return Entry(finding.fingerprint, finding.rule, file_name(finding.location.file), _object(finding))


def _entry(given: dict[str, Any]) -> Entry:
    return Entry(str(given["fingerprint"]), str(given["rule"]), str(given["file"]), str(given.get("object", "")))


def _object(finding: Finding) -> str:
    ref = finding.object
    if ref is None:
        return ""
    return f"{ref.kind} {ref.namespace}/{ref.name}" if ref.namespace else f"{ref.kind} {ref.name}"


def _location(baseline: Baseline, entry: Entry) -> Location:
    line = baseline.text[: max(0, baseline.text.find(entry.fingerprint))].count("\n") + 1
    return Location(baseline.path, line, 1, line, 1)
