"""The World: every object of one cluster, and the facts about it that no object holds."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from sailwright.diagnostics.finding import Path
from sailwright.mesh.facts import Facts
from sailwright.runtime.records import dataclass, field, replace
from sailwright.source.manifest import Manifest

if TYPE_CHECKING:
    from sailwright.mesh.index import Index


@dataclass(frozen=True)
class World:
    """What one cluster sees. `environment` and `cluster` are None where none is declared (and without a project file).

    `base` is the same cluster at the commit to compare with, where there is one; `siblings` are the clusters of the same
    environment that the project file names before this one. Of an alternative only findings in the files `reported` count;
    None: in all. `unit` names an alternative, empty where there is none; `with_siblings` has what the other files of its folder hold
    besides, where it is one file: they may have been applied before it.
    """

    manifests: tuple[Manifest, ...] = field(repr=False)
    facts: Facts = Facts()
    environment: str | None = None
    cluster: str | None = None
    base: World | None = field(default=None, repr=False)
    siblings: tuple[World, ...] = field(default=(), repr=False)
    reported: frozenset[str] | None = field(default=None, repr=False)
    unit: str = ""
    with_siblings: World | None = field(default=None, repr=False)

    @cached_property
    def index(self) -> Index:
        """The questions that rules ask of this world; made when the first is asked."""
        from sailwright.mesh.index import Index

        return Index(self.manifests, self.facts)

    def beside(self, base: World | None) -> World:
        """The same cluster beside what it was at a commit. Its index is the same: it knows nothing of the other one."""
        twin = replace(self, base=base)
        twin.__dict__["index"] = self.index
        return twin

    @cached_property
    def project(self) -> Manifest | None:
        """sailwright.yaml where it is among the manifests, for rules that judge what it declares. Service files have a name."""
        ours = (found for found in self.manifests if found.api_version.startswith("sailwright/"))
        return next((found for found in ours if "name" not in found.value), None)

    def declared(self, *keys: str) -> Path | None:
        """Where sailwright.yaml says `keys` for this world: under its cluster, else its environment, else at the top."""
        if self.project is None:
            return None
        places: list[Path] = [()]
        if self.environment is not None:
            places.insert(0, ("environments", self.environment))
            places.insert(0, ("environments", self.environment, "clusters", self.cluster or ""))
        return next((path + keys for path in places if _holds(self.project.value, path + keys)), None)


def _holds(value: Any, path: Path) -> bool:
    for key in path:
        if not isinstance(value, dict) or key not in value:
            return False
        value = value[key]
    return True
