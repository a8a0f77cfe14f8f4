"""Which settings of sailwright.yaml decide what is found and which only render, and the project that a trusted commit checks by.

With `--config-ref` a change is checked by two projects, and what either finds is reported:

    what will run     the settings of the change, but for those that only decide: these are the trusted commit's
    as trusted        what renders and decides is the trusted commit's too, so that no setting turns a finding off

Both read every file that either side's patterns name. What `build --check` compares is the change's own, as it is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from sailwright.diagnostics.finding import Path, value_at
from sailwright.project.model import DEFAULT_SERVICES
from sailwright.runtime.records import dataclass, field
from sailwright.source.files.checkout import Checkout, Unreadable
from sailwright.source.untyped import items, mapping, texts

Role = Literal["decides", "both", "grows", "renders"]

ROLES: Mapping[str, Role] = {
    "apiVersion": "renders",
    "defaults": "renders",
    "environments": "both",
    "gateway": "renders",
    "istio": "both",
    "known": "decides",
    "kubernetes": "both",
    "lint": "decides",
    "manifests": "grows",
    "namespaces.*.allow": "decides",
    "namespaces.*.istio": "both",
    "namespaces.*.labels": "both",
    "namespaces.*.render": "both",
    "namespaces.*.routing": "renders",
    "namespaces.*.services": "decides",
    "namespaces.*.waypoint": "renders",
    "output.extraKinds": "decides",
    "output.layout": "renders",
    "output.path": "renders",
    "output.syncWaves": "renders",
    "requires": "decides",
    "routing": "renders",
    "services": "grows",
    "validate": "decides",
}
"""What each setting does. `decides`: it is only read to find what is wrong. `both`: it changes what is rendered and what is
found. `grows`: it names files, and those of both sides are checked. `renders`: what it changes is in the output, and checked there.
"""

_BOTH = ("istio", "kubernetes")
_DECIDE_IN_NAMESPACE = ("services", "allow")


@dataclass(frozen=True, slots=True)
class Trusted:
    """What a trusted commit says of the project `here`.

    `tree` is its sailwright.yaml, None where it has none. `unchecked_services` and `unchecked_manifests` are files that its
    patterns name and that those at hand leave out. `as_rendered` keeps the settings that render as the change has them.
    """

    tree: Mapping[str, Any] | None
    files: Checkout = field(repr=False)
    unchecked_services: tuple[str, ...] = ()
    unchecked_manifests: tuple[str, ...] = ()
    as_rendered: bool = True

    def merged(self, here: Mapping[str, Any]) -> dict[str, Any]:
        """The settings of the project to check by."""
        there = self.tree or {}
        merged = {**here, **_grown(here, there, self)}
        for key in ("lint", "validate", "known", "requires"):
            _set(merged, key, there.get(key))
        merged["output"] = _output(mapping(here.get("output")), mapping(there.get("output")))
        merged["namespaces"] = _namespaces(here, there, as_rendered=self.as_rendered)
        if not self.as_rendered and self.tree is not None:
            for key in _BOTH:
                _set(merged, key, there.get(key))
            merged["environments"] = _environments(
                mapping(here.get("environments")), mapping(there.get("environments"))
            )
        return {key: value for key, value in merged.items() if value != {}}

    def read(self, name: str, limit: int, at_hand: Checkout) -> bytes | Unreadable:
        """A file that a setting of Istio names: as the change has it, else as the trusted commit does."""
        if self.as_rendered:
            return at_hand.read(name, limit)
        data = self.files.read(name, limit)
        return at_hand.read(name, limit) if isinstance(data, Unreadable) else data


def patterns(tree: Mapping[str, Any] | None) -> tuple[list[str], list[str]]:
    """The patterns of a project file that name service files, and those that name hand-written manifests."""
    if tree is None:
        return [], []
    services = tree.get("services") or list(DEFAULT_SERVICES)
    entries = tree.get("manifests")
    listed = [entry.get("paths") for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    return texts(services), [pattern for group in listed for pattern in texts(group)]


def named_files(tree: Mapping[str, Any] | None) -> dict[Path, str]:
    """The files that settings name and that decide with them: of Istio's values and MeshConfig."""
    tree = tree or {}
    environments = mapping(tree.get("environments"))
    places: list[Path] = [(), *(("namespaces", name) for name in mapping(tree.get("namespaces")))]
    for name, environment in environments.items():
        places.append(("environments", name))
        clusters = mapping(mapping(environment).get("clusters"))
        places += [("environments", name, "clusters", cluster) for cluster in clusters]
    found: dict[Path, str] = {}
    for place in places:
        for key in ("values", "meshConfig"):
            path: Path = (*place, "istio", key)
            if isinstance(value := value_at(tree, path), str):
                found[path] = value
    return found


def _grown(here: Mapping[str, Any], there: Mapping[str, Any], trusted: Trusted) -> dict[str, Any]:
    """The files of both sides, and those that the change hides."""
    services, _ = patterns(here)
    earlier, _ = patterns(there if trusted.tree is not None else None)
    declared = mapping(here.get("environments"))
    clusters = {name for each in declared.values() for name in mapping(mapping(each).get("clusters"))}
    entries = list(items(here.get("manifests")))
    for entry in items(there.get("manifests")):
        known = _where_declared(entry, declared, clusters)
        if known not in entries:
            entries.append(known)
    if trusted.unchecked_manifests:
        entries.append({"paths": list(trusted.unchecked_manifests)})
    grown: dict[str, Any] = {"services": list(dict.fromkeys((*services, *earlier, *trusted.unchecked_services)))}
    return {**grown, "manifests": entries} if entries else grown


def _where_declared(entry: Any, environments: Iterable[str], clusters: Iterable[str]) -> Any:
    """An entry of `manifests` without environments and clusters that are not there any more; in all of them where none is left."""
    if not isinstance(entry, dict):
        return entry
    kept = dict(entry)
    for key, known in (("environments", environments), ("clusters", clusters)):
        if key in kept:
            left = [name for name in items(kept[key]) if name in known]
            _set(kept, key, left or None)
    return kept


def _output(here: Mapping[str, Any], there: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(here)
    _set(merged, "extraKinds", there.get("extraKinds"))
    return merged


def _namespaces(here: Mapping[str, Any], there: Mapping[str, Any], *, as_rendered: bool) -> dict[str, Any]:
    """What the trusted commit lets a namespace do; with `as_rendered` what else the change says of it."""
    declared = mapping(there.get("namespaces"))
    if not as_rendered:
        return dict(declared)
    merged = {name: dict(mapping(value)) for name, value in mapping(here.get("namespaces")).items()}
    for name in {**merged, **declared}:
        block = merged.setdefault(name, {})
        for key in _DECIDE_IN_NAMESPACE:
            _set(block, key, mapping(declared.get(name)).get(key))
    return merged


def _environments(here: Mapping[str, Any], there: Mapping[str, Any]) -> dict[str, Any]:
    """The environments and clusters at hand; what the trusted commit says of those it knows."""
    merged: dict[str, Any] = {}
    for name, value in here.items():
        block = dict(mapping(value))
        if name in there:
            before = mapping(there[name])
            for key in _BOTH:
                _set(block, key, before.get(key))
            known = mapping(before.get("clusters"))
            own = {cluster: known.get(cluster, given) for cluster, given in mapping(block.get("clusters")).items()}
            _set(block, "clusters", own or None)
        merged[name] = block
    return merged


def _set(block: dict[str, Any], key: str, value: Any) -> None:
    if value is None:
        block.pop(key, None)
    else:
        block[key] = value
