"""Which hosts of a list have a name in common: each is looked up by its endings, so that the work grows with the text."""

from __future__ import annotations

from collections.abc import Sequence

MOST = 16
"""Earlier hosts that are named for one host: what says forty thousand times the same is wrong after a few of them."""


def overlaps(hosts: Sequence[str]) -> list[tuple[int, int]]:
    """The pairs of places, the earlier one first, at which `names.matches` holds; in order, up to MOST for each later place."""
    known = {host[1:] for host in hosts if host.startswith("*")}
    lengths = sorted({len(ending) for ending in known})
    names: dict[str, list[int]] = {}
    wildcards: dict[str, list[int]] = {}
    endings: dict[str, list[int]] = {}
    pairs: set[tuple[int, int]] = set()
    for later, host in enumerate(hosts):
        wild, bare = host.startswith("*"), host.removeprefix("*")
        mine = [ending for length in lengths if length <= len(bare) and (ending := bare[len(bare) - length :]) in known]
        found = [place for ending in mine for place in wildcards.get(ending, ())]
        found += endings.get(bare, ()) if wild else names.get(bare, ())
        pairs.update((place, later) for place in sorted(set(found))[:MOST])
        _put(wildcards if wild else names, bare, later)
        for ending in mine:
            _put(endings, ending, later)
    return sorted(pairs)


def _put(places: dict[str, list[int]], name: str, place: int) -> None:
    known = places.setdefault(name, [])
    if len(known) < MOST:
        known.append(place)
