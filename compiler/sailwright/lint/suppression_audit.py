"""Take suppressed findings out, and report the suppressions that are stale, unknown, locked or without a reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase

from sailwright.diagnostics.finding import Finding
from sailwright.diagnostics.fingerprint import file_name
from sailwright.lint.engine_findings import engine_finding
from sailwright.lint.rule import Rule, selectors
from sailwright.lint.run_rules import WorldProblem
from sailwright.lint.settings import Suppression, near
from sailwright.lint.suppression import annotation
from sailwright.runtime.records import dataclass
from sailwright.source.files.patterns import matches

Used = frozenset[tuple[Suppression, str]]
"""Which suppression took out findings of which rule."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the names in suppressions mean, and which of the rules ran, may not be suppressed or exist."""

    meaning: Mapping[str, frozenset[str]]
    ran: frozenset[str]
    locked: frozenset[str]

    def ids(self, suppression: Suppression) -> frozenset[str]:
        """The rules a suppression is good against: locked ones only where the project file itself ignores them."""
        meant = frozenset[str]().union(*(self.meaning.get(name.upper(), frozenset()) for name in suppression.rules))
        return meant if suppression.glob else meant - self.locked


def names(rules: Iterable[Rule], ran: Iterable[str], locked: frozenset[str]) -> Names:
    """The names of rules: their IDs, codes and families, in any case, and `all`. The language's findings are in every run."""
    from sailwright.lint.language_findings import LANGUAGE_FINDINGS

    meaning: dict[str, frozenset[str]] = {name.upper(): frozenset((name,)) for name in LANGUAGE_FINDINGS}
    for rule in rules:
        for name in selectors(rule):
            meaning[name.upper()] = meaning.get(name.upper(), frozenset()) | {rule.ID}
    return Names(meaning, frozenset((*ran, *LANGUAGE_FINDINGS)), locked)


def annotated(problem: WorldProblem, known: Names | None) -> tuple[Suppression, ...]:
    """The suppressions against a problem that its object carries."""
    if known is None:
        return ()
    rule = problem.chosen.rule.ID
    return tuple(one for one in annotation(problem.problem.manifest) if rule in known.ids(one))


def without_commented(
    findings: Iterable[Finding], inline: Iterable[Suppression], known: Names
) -> tuple[list[Finding], Used]:
    """The findings on whose line no comment speaks against their rule."""
    by_line: dict[tuple[str, int], list[Suppression]] = {}
    for one in inline:
        by_line.setdefault((one.location.file, one.line), []).append(one)
    kept: list[Finding] = []
    used: set[tuple[Suppression, str]] = set()
    for finding in findings:
        place = (finding.location.file, finding.location.line)
        against = [one for one in by_line.get(place, ()) if finding.rule in known.ids(one)]
        used.update((one, finding.rule) for one in against)
        if not against:
            kept.append(finding)
    return kept, frozenset(used)


def without_ignored(
    findings: Iterable[Finding], ignores: Iterable[Suppression], known: Names
) -> tuple[list[Finding], Used]:
    """The findings in files for which the project file does not ignore their rule."""
    entries = tuple(ignores)
    kept: list[Finding] = []
    used: set[tuple[Suppression, str]] = set()
    for finding in findings:
        path = file_name(finding.location.file)
        against = [
            one
            for one in entries
            if finding.rule in known.ids(one) and matches(one.glob, path) and _is_about(finding, one.target)
        ]
        used.update((one, finding.rule) for one in against)
        if not against:
            kept.append(finding)
    return kept, frozenset(used)


def _is_about(finding: Finding, target: str) -> bool:
    """Whether a finding is about an object of the pattern KIND/NAMESPACE/NAME or KIND/NAME; about anything where there is none."""
    if not target:
        return True
    if finding.object is None:
        return False
    kind, *rest = target.split("/")
    about = finding.object
    names = (about.namespace or "", about.name) if len(rest) > 1 else (about.name,)
    return fnmatchcase(about.kind, kind) and all(map(fnmatchcase, names, rest))


def audit(suppressions: Iterable[Suppression], used: Used, known: Names) -> Iterator[Finding]:
    """What is wrong with the suppressions themselves."""
    remedies: dict[str, str] = {}
    for one in dict.fromkeys(suppressions):
        if not one.rules:
            yield engine_finding("suppression-unknown-rule", "this suppression names no rule", _FORM, one.location)
        elif not one.reason:
            yield engine_finding(
                "suppression-without-reason", f"no reason is given for ignoring {_list(one)}", _FORM, one.location
            )
        for name in one.rules:
            yield from _audit_name(one, name, used, known, remedies)


_FORM = "write `# sailwright: ignore[rule] reason`, or in the annotation `rule, rule reason`"


def _audit_name(one: Suppression, name: str, used: Used, known: Names, remedies: dict[str, str]) -> Iterator[Finding]:
    """`remedies` keeps what was found for a name: to look for near names is slow."""
    ids = known.meaning.get(name.upper(), frozenset())
    if not ids:
        if name not in remedies:
            remedies[name] = near(name, {rule for each in known.meaning.values() for rule in each})
        yield engine_finding("suppression-unknown-rule", f"there is no rule {name}", remedies[name], one.location)
    elif ids <= known.locked and not one.glob:
        message = f"{name} is locked by the project and cannot be suppressed here"
        remedy = "fix the finding, or ask for an entry in lint.ignore of sailwright.yaml"
        yield engine_finding("suppression-locked", message, remedy, one.location)
    elif ids <= known.ran and not any((one, rule) in used for rule in ids):
        yield engine_finding(
            "suppression-unused", f"unused suppression: there is no finding of {name}", "remove it", one.location
        )


def _list(one: Suppression) -> str:
    return ", ".join(one.rules)
