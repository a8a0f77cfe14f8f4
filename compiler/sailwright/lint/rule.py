"""What a lint rule is. A rule is a module; it inherits nothing, and this protocol is all it has to know.

The module's docstring is the published page: the risk in one sentence, then why. Its constants name it, its examples
document and test it, `KIND` says what it is asked about, and `check` gets one such object and yields what is wrong with it.
docs/writing-a-rule.md walks through one.
"""

# ruff: noqa: N802  # the protocol's properties are the constants of modules
from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args

from sailwright.diagnostics.finding import Path, Severity
from sailwright.mesh.facts import Facts
from sailwright.runtime.records import dataclass, field
from sailwright.source.manifest import Manifest

if TYPE_CHECKING:
    from sailwright.diagnostics.rule_page import Page
    from sailwright.lint.kinds import AnyKind
    from sailwright.mesh.queries.absence import Absent
    from sailwright.source.edit import Edit

Preset = Literal["recommended", "strict", "optional"]
"""Where a rule is on by itself: `recommended` always, `strict` in that preset, `optional` only where it is asked for."""

PRESETS: tuple[Preset, ...] = get_args(Preset)


@dataclass(frozen=True, slots=True)
class Fix:
    """A change of the problem's manifest that is safe: the mesh behaves as before, or as was plainly meant.

    The edits' paths are those of the object; all of them are made, or none.
    """

    description: str
    edits: tuple[Edit, ...]


Place = tuple[Manifest, Path, str]
"""A related place: a manifest, a path in it, and what it has to do with the problem."""


@dataclass(frozen=True, slots=True)
class ManifestProblem:
    """What a rule found: a problem of one of the world's manifests, at `path` (`key`: the key there is meant, not its value).

    `message` says what is wrong, `help` what to do. `severity` replaces the rule's own where the world makes it less or
    more. `absent` says what was looked for where the problem is that something is not there: the engine drops the problem where a
    repository cannot know that. The engine adds the rule, the place in the author's file, the environments and the fingerprint.
    """

    manifest: Manifest
    path: Path
    message: str
    help: str = ""
    related: tuple[Place, ...] = ()
    key: bool = False
    severity: Severity | None = None
    fix: Fix | None = None
    absent: Absent | None = None


Problem = ManifestProblem
"""As rules write it: `yield Problem(manifest, path, message, help)`."""


@dataclass(frozen=True, slots=True)
class Example:
    """An example that needs more than its YAML: facts of the cluster, an environment's name, parameters of the rule.

    `base` is what stood there at the commit to compare with, `sibling` what another cluster of the environment has.
    """

    text: str
    facts: Facts = Facts()
    environment: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    base: str | None = None
    sibling: str | None = None


Examples = str | Example | tuple[str | Example, ...]
"""Multi-document YAML, one text or several; in BAD each line to be reported ends in `# finding`."""


@dataclass(frozen=True, slots=True)
class Analyzer:
    """What `--compat istioctl` asks in the place of a rule whose analyzer in istioctl decides by other means."""

    kind: AnyKind
    check: Callable[..., Iterator[Problem]]


class Rule(Protocol):
    """A module of `sailwright_policies`: the constants every rule has, and its check.

    A rule may also define `PRESET` ("recommended" where it does not) and `PARAMETERS`, the keyword-only arguments of its
    check with a description each: their defaults are in the signature, and sailwright.yaml may change them. `REPLACES`
    names more general rules, as `schema-violation`, whose findings for the same place are then left out, `REPLACES_AROUND` those
    whose findings for what holds the place are.
    `COMPAT` is the `Analyzer` that answers for it under `--compat istioctl`. `COMPARES = True` says that it asks for the base commit.
    """

    __name__: str
    __doc__: str | None

    @property
    def ID(self) -> str:
        """Kebab-case; the module's name is the same in snake_case."""

    @property
    def SEVERITY(self) -> Severity:
        """How bad it is where neither the project nor a problem says otherwise."""

    @property
    def ALIASES(self) -> tuple[str, ...]:
        """The codes of `istioctl analyze` (IST...), Kiali (KIA...) and kube-linter for the same thing."""

    @property
    def BAD(self) -> Examples:
        """What is reported, at the lines that end in `# finding`."""

    @property
    def GOOD(self) -> Examples:
        """What is right, and silent."""

    @property
    def KIND(self) -> AnyKind:
        """What the check is called for: one object of a kind, or one group of them (see `lint.kinds`)."""

    @property
    def check(self) -> Callable[..., Iterator[Problem]]:
        """`check(subject, mesh)` yields what is wrong with one subject of `KIND`; `mesh` answers for everything else."""


def page(rule: Rule) -> Page:
    """The page of a rule, from its docstring."""
    from inspect import cleandoc

    from sailwright.diagnostics.rule_page import Page

    risk, _, reason = cleandoc(rule.__doc__ or "").partition("\n")
    return Page(rule.ID, rule.SEVERITY, risk, reason.strip(), tuple(rule.ALIASES))


def preset(rule: Rule) -> Preset:
    """The preset in which a rule is on by itself."""
    found: Preset = getattr(rule, "PRESET", "recommended")
    return found


def replaces(rule: Rule) -> tuple[str, ...]:
    """The rules whose findings are left out where this one reports the same place: it says the same, and why."""
    found: tuple[str, ...] = getattr(rule, "REPLACES", ())
    return found


def replaces_around(rule: Rule) -> tuple[str, ...]:
    """The rules whose findings are left out where this one reports a part of the same place: it says which part is the cause."""
    found: tuple[str, ...] = getattr(rule, "REPLACES_AROUND", ())
    return found


def compares(rule: Rule) -> bool:
    """Whether a rule asks what a cluster was at the base commit: without one it finds nothing."""
    found: bool = getattr(rule, "COMPARES", False)
    return found


def parameters(rule: Rule) -> Mapping[str, str]:
    """The parameters of a rule: name to description."""
    found: Mapping[str, str] = getattr(rule, "PARAMETERS", {})
    return found


def defaults(rule: Rule) -> Mapping[str, Any]:
    """The parameters of a rule with the defaults of its check's signature."""
    found: Mapping[str, Any] = getattr(rule.check, "__kwdefaults__", None) or {}
    return found


def family(rule: Rule) -> str:
    """The folder of a rule, named by the kind it checks: `sailwright_policies.service.port_name` is in `service`."""
    return rule.__name__.split(".")[-2]


def selectors(rule: Rule) -> tuple[str, ...]:
    """The names by which `--select`, `--ignore` and suppressions mean a rule: its ID, codes, kind, former family, `all`."""
    from sailwright.lint.former_families import former_family

    return (rule.ID, *rule.ALIASES, family(rule), *former_family(rule.ID), "all")


def examples(given: Examples) -> tuple[Example, ...]:
    """The examples of BAD or GOOD, each with its facts."""
    several = given if isinstance(given, tuple) else (given,)
    return tuple(each if isinstance(each, Example) else Example(each) for each in several)
