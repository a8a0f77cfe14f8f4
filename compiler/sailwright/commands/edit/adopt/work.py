"""An adoption under way: the objects, the groups, what is carried along, and the files of one round."""

from __future__ import annotations

from typing import Any

from sailwright.commands.edit.adopt.adoption import Site
from sailwright.commands.edit.adopt.carried import Carried
from sailwright.commands.edit.adopt.comparison import Comparison
from sailwright.commands.edit.adopt.groups import Group
from sailwright.commands.edit.adopt.inventory import Inventory, Key, Notes
from sailwright.commands.edit.adopt.rounds import Refusals
from sailwright.commands.edit.adopt.service_file import ServiceDraft
from sailwright.commands.edit.adopt.sound import LeftOut
from sailwright.runtime.records import dataclass, field

Tree = dict[str, Any]


@dataclass(slots=True)
class Work:
    """An adoption under way. `allow` is what the services turn out to need by `namespaces.N.allow` of a new project file,
    `made` what controllers of the cluster make, `meant` the differences that are accepted.
    """

    site: Site
    found: Inventory
    notes: Notes
    left_out: list[LeftOut]
    groups: tuple[Group, ...]
    refusals: Refusals
    known: tuple[Group, ...] = ()
    made: tuple[LeftOut, ...] = ()
    meant: list[str] = field(default_factory=list)
    carried: Carried = field(default_factory=Carried)
    comparisons: dict[Key, Comparison] = field(default_factory=dict)
    allow: dict[str, set[str]] = field(default_factory=dict)

    def standing(self) -> tuple[Group, ...]:
        """The groups that are not refused; a ServiceEntry that is carried along makes none."""
        return tuple(
            group
            for group in self.groups
            if id(group) not in self.refusals.by_group and (group.entry is None or group.entry not in self.carried)
        )


@dataclass(frozen=True, slots=True)
class Round:
    """The drafts of one round, the files that they make, and which group an object is carried along by."""

    drafts: dict[int, ServiceDraft]
    paths: dict[int, str]
    files: dict[str, str]
    services: dict[str, str]
    namespaces: dict[str, Tree]
    places: dict[Key, str]
