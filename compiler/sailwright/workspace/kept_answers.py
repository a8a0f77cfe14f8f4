"""What rendering asks about services that are not read: the index of the last run answers, key by key."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from sailwright.render.privileges import Owner
from sailwright.render.render_context import Around, Neighbour, around, is_account
from sailwright.runtime.records import dataclass
from sailwright.workspace.compile import KeptAnswers, ServiceExports
from sailwright.workspace.service_index import ServiceIndex, neighbour_of

T = TypeVar("T")


class _Kept(Mapping[str, T]):
    """A mapping of which nothing is read before it is asked for. `find` gives a value in a tuple, or nothing."""

    def __init__(self, find: Callable[[str], tuple[T, ...]], names: Callable[[], Iterable[str]]) -> None:
        self._find, self._names = find, names

    def __getitem__(self, key: str) -> T:
        for value in self._find(key):
            return value
        raise KeyError(key)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and bool(self._find(key))

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(frozenset(self._names()))


@dataclass(frozen=True, slots=True)
class OtherServices:
    """The services of an index without those of some files."""

    index: ServiceIndex
    without: frozenset[str]

    def said(self, fact: str) -> list[Any]:
        """What they say, by a fact of the index."""
        found = self.index.facts.get(fact) or {}
        return [each for path, each in found.items() if path not in self.without]

    def facts(self, prefix: str) -> Iterator[tuple[str, list[Any]]]:
        """All that they say by facts that begin so, each without that beginning."""
        for fact, found in self.index.facts.items():
            if fact.startswith(prefix):
                said = [each for path, each in found.items() if path not in self.without]
                if said:
                    yield fact.removeprefix(prefix), said


def kept_answers(exports: ServiceExports, others: OtherServices, places: Collection[tuple[Any, ...]]) -> KeptAnswers:
    """The answers of services that were read, and of the `others` that were not, with the places of these (see `places_of`)."""
    numbered = enumerate(exports.neighbours.items())
    return KeptAnswers(
        {target: _around(number, own, others, places) for number, (target, own) in numbered},
        _Kept(
            lambda name: (None,) if name in exports.names or others.said(f"n{name}") else (),
            lambda: exports.names | {name for name, _ in others.facts("n")},
        ),
    )


def _users(number: int, places: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, Neighbour]]:
    """A neighbour for each of these places in one cluster, which says nothing else."""
    for kind, target, namespace, *rest in places:
        if target == number and kind == "mesh":
            inject, waypoint = rest
            yield f"{namespace}/{kind} {inject} {waypoint}", Neighbour((), (), (), inject=inject, waypoint=waypoint)
        elif target == number and kind == "gateway":
            yield f"{namespace}/{kind} {rest[0]}", Neighbour((), (), (), exposed=(rest[0],))


def _around(
    number: int, own: Mapping[str, Neighbour], others: OtherServices, places: Iterable[tuple[Any, ...]]
) -> Around:
    """The services of one cluster; where two name one host or object the later name counts."""
    here = around(own)

    def service(key: str) -> tuple[Neighbour, ...]:
        return (own[key],) if key in own else tuple(map(neighbour_of, others.said(f"{number} s{key}")[:1]))

    def owner(fact: str, found: Owner | None) -> tuple[Owner, ...]:
        keys = others.said(f"{number} {fact}")
        last = max(keys, default="")
        if found is not None and found.service > last:
            return (found,)
        return tuple(Owner(last, each.team) for each in service(last)) if keys else ()

    def ports(host: str) -> tuple[tuple[int, ...], ...]:
        return tuple(
            each.ports for found in owner(f"h{host}", here.owners.get(host)) for each in service(found.service)
        )

    def hosts() -> Iterable[str]:
        return here.owners.keys() | {host for host, _ in others.facts(f"{number} h")}

    def objects(which: bool) -> Mapping[str, Mapping[str, Owner]]:
        known = here.accounts if which else here.files

        def inside(namespace: str) -> tuple[Mapping[str, Owner], ...]:
            there = known.get(namespace, {})
            return (
                _Kept(
                    lambda name: owner(f"o{namespace}/{name}", there.get(name)) if is_account(name) == which else (),
                    lambda: (
                        there.keys()
                        | {name for name, _ in others.facts(f"{number} o{namespace}/") if is_account(name) == which}
                    ),
                ),
            )

        def namespaces() -> Iterable[str]:
            named = (name.partition("/") for name, _ in others.facts(f"{number} o"))
            return known.keys() | {namespace for namespace, _, name in named if is_account(name) == which}

        return _Kept(inside, namespaces)

    neighbours: Mapping[str, Neighbour] = _Kept(
        service, lambda: own.keys() | {key for key, _ in others.facts(f"{number} s")}
    )
    owners: Mapping[str, Owner] = _Kept(lambda host: owner(f"h{host}", here.owners.get(host)), hosts)
    return Around(
        neighbours, _Kept(ports, hosts), objects(True), objects(False), owners, {**dict(_users(number, places)), **own}
    )
