"""What a lint run knows of the last one: rules that ask nothing of the mesh find in a service what they found in it before.

A unit is a service file, with all that is rendered of it. Whether a rule asks the mesh about other objects is seen while it runs: where
it never did, what it finds in a unit hangs on that unit alone (and on the facts of the cluster).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, Literal

from sailwright.lint.asked_kinds import AskedMesh
from sailwright.lint.whole_mesh import asks_whole_mesh
from sailwright.mesh.world import World
from sailwright.runtime.records import dataclass, field, replace
from sailwright.source.manifest import Manifest

if TYPE_CHECKING:
    from sailwright.lint.kinds import AnyKind
    from sailwright.lint.rule import Rule

Turn = tuple[int, str, int]
"""Where a finding comes among those of one rule in one world: part of the rule's kind, place of the file (see `workspace.file_order`), number."""


@dataclass(frozen=True, slots=True)
class Units:
    """The units of all worlds.

    `services` leads from the path of a rendered file to its service file. `places` has the order of the files of each world, by path.
    The rules `alone` are those that asked nothing of the mesh in the last run: they run for the units `again`, and for what is in
    no unit not at all. Those `asking` did ask, and
    where there was no such run, those `likely` to are known from a few objects. `groups` says for which groups of objects rules run: for
    all, for those with an object of these units, or for the others.
    """

    services: Mapping[str, str]
    places: tuple[Mapping[str, str], ...]
    alone: frozenset[str] = frozenset()
    again: frozenset[str] = frozenset()
    asking: frozenset[str] = frozenset()
    likely: frozenset[str] = frozenset()
    around: Any = None
    noted: set[tuple[str, str]] = field(default_factory=set)
    groups: Literal["all", "own", "others"] = "all"

    def may_ask(self, rule: Rule) -> bool:
        """Whether a rule is known or likely to ask the mesh about other objects: those run first, and if it is wrong, nothing is but slow."""
        return rule.ID not in self.alone if self.alone else rule.KIND.parts is None or rule.ID in self.likely


class Subjects:
    """The subjects for which rules run in one world: those `around` the units, with all of the rules that ask the whole mesh, or the
    others, in the units.

    Of what is around, and of groups without an object of a unit, it is noted about which `kinds` of objects the mesh is asked.
    """

    def __init__(self, world: World, number: int, units: Units, *, around: bool) -> None:
        self._world, self._units, self._places, self._around = world, units, units.places[number], around
        self.kinds: set[str] = set()
        self.noting: AskedMesh | None = AskedMesh(world, self.kinds) if around or units.groups == "others" else None
        self._again: dict[AnyKind, list[Any]] = {}
        self._here: dict[AnyKind, list[Any]] = {}
        self._any: dict[AnyKind, bool] = {}

    def asks(self, rule: Rule) -> bool:
        """Whether a rule is known to ask the mesh about other objects."""
        return rule.ID in self._units.asking

    def of(self, rule: Rule) -> Iterator[tuple[int, Any]]:
        """The subjects of a rule, each with the number of the part of its kind."""
        wanted: Callable[[AnyKind], Iterable[Any]] | None
        if asks_whole_mesh(rule):
            wanted = self._each if self._around else None
        elif rule.ID in self._units.alone:
            wanted = None if self._around else self._of_units_again
        elif rule.KIND.linked:
            wanted = None if self._around else self._listed_groups
        else:
            wanted = self._listed_here
        for part, kind in enumerate(rule.KIND.parts or (rule.KIND,)):
            for subject in wanted(kind) if wanted is not None else ():
                yield part, subject

    def any_of(self, rule: Rule) -> bool:
        """Whether there was any subject of a rule, for which it ran or not."""
        return any(self._any.get(kind) for kind in rule.KIND.parts or (rule.KIND,))

    def _each(self, kind: AnyKind) -> Iterator[Any]:
        """All subjects of a kind, of which none is held here."""
        for subject in kind.listed(self._world):
            self._any[kind] = True
            yield subject

    def _listed_here(self, kind: AnyKind) -> list[Any]:
        if kind not in self._here:
            services, around = self._units.services, self._around
            self._here[kind] = [each for each in self._each(kind) if (path_of(each) not in services) == around]
        return self._here[kind]

    def _listed_groups(self, kind: AnyKind) -> list[Any]:
        services = self._units.services
        if self._units.groups == "others":
            found, self._any[kind] = kind.apart(self._world, lambda member: path_of(member) not in services)
            return found
        if self._units.groups == "all":
            return list(self._each(kind))
        return [group for group in self._each(kind) if any(path_of(member) in services for member in group)]

    def _of_units_again(self, kind: AnyKind) -> list[Any]:
        if kind not in self._again:
            services, again = self._units.services, self._units.again
            self._again[kind] = [each for each in self._each(kind) if services.get(path_of(each)) in again]
        return self._again[kind]

    def turn(self, rule: Rule, part: int, subject: Any, count: int) -> tuple[Turn, str]:
        """The turn of a problem, the number `count` of a rule, and the file whose place is in it, if any is."""
        if rule.KIND.linked and self._units.groups != "all":
            return (part, self._places[path_of(subject[0])], count), ""
        if rule.KIND.parts is None:
            return (part, "", count), ""
        file = path_of(subject)
        return (part, self._places[file], count), file


def path_of(subject: Any) -> str:
    """The path of the file that holds a subject of a kind with parts: an object, or a view of one."""
    manifest: Manifest = subject if isinstance(subject, Manifest) else subject.manifest
    return manifest.document.source.path


_OF_THE_CLUSTER: Final = frozenset(("facts", "environment", "cluster", "unit"))
"""What a World knows that no object of it says."""


def free_names(world: World) -> frozenset[str]:
    """The attributes of a World that say nothing of other objects: where there is no other world, that is known as well."""
    return _OF_THE_CLUSTER | {name for name in ("base", "siblings") if not getattr(world, name)}


class NotingMesh:
    """A World that notes in `asked` whether it is asked about other objects than the one a rule has at hand, and has `others` answer then."""

    def __init__(self, world: World, others: Any = None) -> None:
        self._world, self._others = world, others if others is not None else world
        self._free = free_names(world)
        self.asked = False

    def __getattr__(self, name: str) -> Any:
        free = name in self._free
        self.asked = self.asked or not free
        value = self.__dict__[name] = getattr(
            self._world if free else self._others, name
        )  # asked once is asked: from now on it is no call
        return value


_FEW = 4
"""Objects of each kind, of which a few say which rules ask about others."""


def likely_to_ask(world: World, rules: Iterable[tuple[Rule, Mapping[str, Any]]]) -> frozenset[str]:
    """The IDs of the rules, each given with its parameters, that ask the mesh about other objects in a world of a few of its objects."""
    few: dict[str, list[Manifest]] = {}
    for manifest in world.manifests:
        alike = few.setdefault(manifest.kind, [])
        if len(alike) < _FEW:
            alike.append(manifest)
    some = World(tuple(chain(*few.values())), world.facts, world.environment, world.cluster)
    if world.siblings:
        some = replace(some, siblings=(some,))
    return frozenset(rule.ID for rule, parameters in rules if _asks(rule, parameters, some))


def _asks(rule: Rule, parameters: Mapping[str, Any], world: World) -> bool:
    mesh = NotingMesh(world)
    try:
        for subject in rule.KIND.listed(world):
            for _ in rule.check(subject, mesh, **parameters):
                pass
    except Exception:  # noqa: BLE001 - whatever a rule does, it is reported where it runs
        return True
    return mesh.asked
