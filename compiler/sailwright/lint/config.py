"""The `lint:` block of sailwright.yaml. What it says of rules that are not there is a finding at its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sailwright.diagnostics.finding import SEVERITIES, Finding, Path
from sailwright.lint.engine_findings import engine_finding
from sailwright.lint.rule import Rule, defaults
from sailwright.lint.settings import Level, Setting, Settings, Suppression, near, rule_ids
from sailwright.runtime.records import dataclass, field
from sailwright.source.source import Document
from sailwright.source.untyped import items, mapping

LEVELS: tuple[Level, ...] = ("off", *SEVERITIES)


def read_block(document: Document, rules: Iterable[Rule]) -> tuple[Settings, tuple[Finding, ...]]:
    """The settings of a project file, and what is wrong with them; what is wrong is left out.

    A rule's entry is a severity, `off`, or a map of `severity` and the rule's parameters.
    """
    reader = _Reader(document, {rule.ID: rule for rule in rules})
    value = document.value if isinstance(document.value, dict) else {}
    settings = reader.settings(mapping(value.get("lint")))
    return settings, tuple(reader.findings)


def expired(last: str) -> bool:
    """Whether the last day of an entry is over; there may be none. Raises ValueError where it is no day."""
    return bool(last) and date.fromisoformat(last) < today()


def today() -> date:
    """The day by which entries end, the same in every time zone."""
    return datetime.now(UTC).date()


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads parts of the block and collects what is wrong with them."""

    document: Document
    rules: Mapping[str, Rule]
    findings: list[Finding] = field(default_factory=list)

    def settings(self, block: Mapping[str, Any]) -> Settings:
        given = mapping(block.get("rules"))
        return Settings(
            preset="strict" if block.get("preset") == "strict" else "recommended",
            fail_on=str(block.get("failOn", "error")),
            rules={rule.ID: self._setting(rule, given[rule.ID]) for rule in self._known(given)},
            locked=frozenset[str]().union(*self._locked(block)),
            ignore=tuple(self._ignores(block)),
        )

    def _known(self, given: Mapping[str, Any]) -> Iterator[Rule]:
        for name in given:
            if name in self.rules:
                yield self.rules[name]
            else:
                self._fault(("lint", "rules", name), f"there is no rule {name}", near(name, self.rules))

    def _setting(self, rule: Rule, value: object) -> Setting:
        path: Path = ("lint", "rules", rule.ID)
        entry = value if isinstance(value, dict) else {"severity": value}
        severity = entry.get("severity")
        if severity is not None and severity not in LEVELS:
            self._fault(
                path, f"{severity!r} is no severity", f"write one of {', '.join(LEVELS)}, or a map with `severity`"
            )
            severity = None
        return Setting(severity, dict(self._parameters(rule, entry, path)))

    def _parameters(self, rule: Rule, entry: Mapping[str, Any], path: Path) -> Iterator[tuple[str, Any]]:
        known = defaults(rule)
        for name, value in entry.items():
            if name == "severity":
                continue
            if name not in known:
                remedy = near(name, known) if known else f"{rule.ID} has none"
                self._fault((*path, name), f"{rule.ID} has no parameter {name}", remedy)
                continue
            fitting = _fit(value, known[name])
            if fitting is None:
                self._fault((*path, name), f"{value!r} does not fit", f"write it like the default, {known[name]!r}")
            else:
                yield name, fitting

    def _locked(self, block: Mapping[str, Any]) -> Iterator[frozenset[str]]:
        for number, name in enumerate(items(block.get("locked"))):
            ids = rule_ids(self.rules.values(), str(name))
            if not ids:
                self._fault(("lint", "locked", number), f"there is no rule {name}", near(str(name), self.rules))
            yield ids

    def _ignores(self, block: Mapping[str, Any]) -> Iterator[Suppression]:
        for number, entry in enumerate(items(block.get("ignore"))):
            if isinstance(entry, dict):
                if self._expired(entry, number):
                    continue
                location = self.document.locate(("lint", "ignore", number, "rule"))
                names = entry.get("rule")
                named = tuple(map(str, names)) if isinstance(names, list) else (str(names),)
                glob, target = str(entry.get("path") or "**"), str(entry.get("object") or "")
                yield Suppression(named, str(entry.get("reason") or ""), location, glob=glob, target=target)

    def _expired(self, entry: Mapping[str, Any], number: int) -> bool:
        """Whether the last day of an entry is over; then it hides nothing, and is a finding itself."""
        last, path = str(entry.get("until") or ""), ("lint", "ignore", number, "until")
        try:
            over = expired(last)
        except ValueError:
            self._fault(path, f"{last} is no day", "write it as YYYY-MM-DD, such as 2027-03-31")
            return False
        if over:
            message = f"this entry was good until {last}: it hides nothing any more"
            remedy = "fix the findings and remove it, or agree on a later day"
            self.findings.append(engine_finding("suppression-expired", message, remedy, self.document.locate(path)))
        return over

    def _fault(self, path: Path, message: str, remedy: str) -> None:
        self.findings.append(engine_finding("lint-setting", message, remedy, self.document.locate(path, key=True)))


def _fit(value: object, default: object) -> Any:
    """The value in the type of the default, None where it has another; numbers may stand for text, as in `cpu: 1`."""
    if isinstance(default, bool) or isinstance(value, bool):
        return value if isinstance(default, bool) and isinstance(value, bool) else None
    if isinstance(default, str):
        return str(value) if isinstance(value, str | int | float) else None
    if isinstance(default, tuple):
        return tuple(map(str, value)) if isinstance(value, list) else None
    numbers = int | float if isinstance(default, float) else int
    return value if isinstance(value, numbers) else None
