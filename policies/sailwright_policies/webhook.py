"""Rules that are data: what Istio's webhook refuses of a kind, and what it warns about. One check serves them all.

Each folder of a kind of Istio's has a table of them in its `webhook` module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sailwright.diagnostics.finding import Path, Severity
from sailwright.lint.kinds import objects
from sailwright.lint.rule import Problem
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.validate.schemas.istio import GROUPS
from sailwright_policies.validation import refusals


class WebhookRule:
    """A rule about the problems that the webhook finds in the objects of a kind, as far as they belong to this rule.

    `page` is the published page as a rule module's docstring has it: the risk in one sentence, then why.
    """

    def __init__(
        self,
        folder: str,
        kind: str,
        name: str,
        severity: Severity,
        aliases: tuple[str, ...],
        page: str,
        bad: str,
        good: str | tuple[str, ...],
        unless: Callable[[Manifest, Path, World], bool] | None = None,
    ) -> None:
        self.__name__ = f"{folder.rpartition('.')[0]}.{name.replace('-', '_')}"
        self.__doc__ = page
        self.KIND = objects(f"{kind}.{GROUPS[kind]}")
        self.ID = name
        self.SEVERITY = severity
        self.ALIASES = aliases
        self.BAD = bad
        self.GOOD = good
        self._kind = kind
        self._unless = unless

    def check(self, manifest: Manifest, mesh: World) -> Iterator[Problem]:
        """What the webhook finds in one object, of this rule."""
        from sailwright.validate.webhook import rule_of, severity_of

        for each in refusals(manifest, mesh.facts.istio_version, compat=mesh.facts.compat):
            if rule_of(self._kind, each) == self.ID and not self._void(manifest, each.path, mesh):
                yield Problem(manifest, each.path, each.message, severity=severity_of(each))

    def _void(self, manifest: Manifest, path: Path, mesh: World) -> bool:
        """Whether the other objects show that a doubt has no ground; the webhook itself sees one object alone."""
        return self._unless is not None and not mesh.facts.compat and self._unless(manifest, path, mesh)
