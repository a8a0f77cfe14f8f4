"""Which rules run, how severe they are and with what parameters: the `lint:` block of sailwright.yaml, then flags."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from sailwright.diagnostics.finding import SEVERITIES, Severity
from sailwright.lint.rule import Rule, preset, selectors
from sailwright.runtime.errors import Failure
from sailwright.runtime.records import dataclass, field

if TYPE_CHECKING:
    from sailwright.diagnostics.finding import Finding, Location
    from sailwright.lint.baseline import Baseline
    from sailwright.lint.run_rules import EnabledRule

ANNOTATION = "sailwright.dev/ignore"
"""The annotation that suppresses rules for an object."""
MARKER = b"sailwright:"
"""What every comment that suppresses rules holds."""

Level = Severity | Literal["off"]


@dataclass(frozen=True, slots=True)
class Suppression:
    """The rules that are not to be reported, why, and where the author says so.

    `line` is the line a comment speaks of: its own, or where it stands alone the next one with content. `glob` is the
    path pattern of an entry in sailwright.yaml, `target` its pattern of objects (KIND/NAMESPACE/NAME, or KIND/NAME).
    """

    rules: tuple[str, ...]
    reason: str
    location: Location
    line: int = 0
    glob: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """What the project says of one rule: its severity, `off`, and parameters."""

    severity: Level | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settings:
    """The `lint:` block of a project; the defaults are those of a project without one."""

    preset: Literal["recommended", "strict"] = "recommended"
    fail_on: str = "error"
    rules: Mapping[str, Setting] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()
    ignore: tuple[Suppression, ...] = ()


@dataclass(frozen=True, slots=True)
class LintConfig:
    """The settings and the baseline that count; what is wrong with them, and what the files at hand change about them."""

    settings: Settings
    baseline: Baseline | None
    wrong: tuple[Finding, ...] = ()
    changes: tuple[Finding, ...] = ()


def choose(
    rules: Iterable[Rule], settings: Settings, select: Sequence[str] = (), ignore: Sequence[str] = (), *, compat: bool
) -> tuple[EnabledRule, ...]:
    """The rules that run, in reading order.

    `select` and `ignore` name rules by ID, code (IST0101) or family; a selected rule runs whatever the preset and the
    project say. With `compat` only rules with a code of `istioctl analyze` run. Errors: a Failure for an unknown name.
    """
    from sailwright.lint.run_rules import EnabledRule

    known = tuple(rules)
    wanted, unwanted = _named(known, select, "--select"), _named(known, ignore, "--ignore")
    return tuple(
        EnabledRule(rule, _severity(settings, rule), settings.rules.get(rule.ID, Setting()).parameters)
        for rule in known
        if rule.ID not in unwanted
        and (rule.ID in wanted if select else _is_on(rule, settings))
        and (not compat or any(alias.startswith("IST") for alias in rule.ALIASES))
    )


def rule_ids(rules: Iterable[Rule], name: str) -> frozenset[str]:
    """The IDs of the rules a name stands for: an ID, a code, a family or `all`; empty where it stands for none."""
    return frozenset(
        rule.ID for rule in rules if name == rule.ID or name in selectors(rule) or name.upper() in rule.ALIASES
    )


def near(name: str, names: Collection[str]) -> str:
    """`did you mean X?`, else where to look rules up."""
    from difflib import get_close_matches

    close = get_close_matches(name, sorted(names), 1)
    return f"did you mean {close[0]}?" if close else "`sailwright rules` lists them"


def _named(rules: tuple[Rule, ...], names: Sequence[str], flag: str) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for name in (part.strip() for given in names for part in given.split(",")):
        ids = rule_ids(rules, name)
        if not ids:
            raise Failure(f"{flag} {name}: no such rule; {near(name, {rule.ID for rule in rules})}")
        found |= ids
    return found


def _is_on(rule: Rule, settings: Settings) -> bool:
    setting = settings.rules.get(rule.ID)
    if setting is not None and setting.severity is not None:
        return setting.severity != "off"
    return preset(rule) == "recommended" or (preset(rule) == "strict" and settings.preset == "strict")


def _severity(settings: Settings, rule: Rule) -> Severity | None:
    severity = settings.rules.get(rule.ID, Setting()).severity
    return severity if severity in SEVERITIES else None
