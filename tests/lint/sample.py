"""A rule and a run of it, small enough to see through: it reports every `port` that is odd."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import MESH
from sailwright.lint.rule import Fix, Problem, Rule
from sailwright.lint.run import LintRequest, LintResult, lint
from sailwright.lint.run_rules import EnabledRule
from sailwright.lint.settings import Settings
from sailwright.mesh.world import World
from sailwright.source.edit import Set
from sailwright.source.manifest import manifests
from sailwright.source.source import Source, parse


class OddPort(ModuleType):
    """Each port must be even."""

    ID = "port-odd"
    SEVERITY: Severity = "warning"
    ALIASES = ("KIA9999",)
    BAD = GOOD = ""

    KIND = MESH

    @staticmethod
    def check(_: None, world: World, /, *, least: int = 0) -> Iterator[Problem]:
        """Report odd ports from `least` up."""
        for manifest in world.manifests:
            port = manifest.spec.get("port")
            if isinstance(port, int) and port % 2 and port >= least:
                fix = Fix("use the next port", (Set(("spec", "port"), port + 1),))
                yield Problem(manifest, ("spec", "port"), f"port {port} is odd", "use an even one", fix=fix)


class Crashing(ModuleType):
    """A rule with a bug."""

    ID = "rule-with-bug"
    SEVERITY: Severity = "error"
    ALIASES = ()
    BAD = GOOD = ""

    KIND = MESH

    @staticmethod
    def check(_: None, world: World, /) -> Iterator[Problem]:
        """Fail as a bug would."""
        yield from ()
        raise KeyError("spec")


ODD: Rule = OddPort("tests.ports.port_odd")
CRASHING: Rule = Crashing("tests.ports.rule_with_bug")


def source(text: str, path: str = "a.yaml") -> Source:
    """A manifest file in memory."""
    return parse(path, text.encode())


def run(*sources: Source, settings: Settings | None = None, rules: tuple[Rule, ...] = (ODD,)) -> LintResult:
    """Lint files that make up one world."""
    world = World(tuple(found for each in sources for found in manifests(each)))
    chosen = tuple(EnabledRule(rule) for rule in rules)
    return lint(LintRequest((world,), sources, rules, chosen, settings or Settings()))


def told(answer: LintResult) -> list[tuple[int, str]]:
    """Line and rule of each finding."""
    return [(finding.location.line, finding.rule) for finding in answer.findings]
