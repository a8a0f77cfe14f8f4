"""Whether something that is in no file is known not to be there: a repository seldom holds all that a cluster has.

A rule that reports an absence says with its problem what it looked for (`Absent`). The engine asks here whether that is known, so
that every such rule is silent alike where a placeholder, a file without a namespace or another repository leaves it open:

- an object whose name, namespace or host a placeholder decides may turn out to be the one;
- one whose file names no namespace may be applied to any;
- what is applied with an object and cannot be read (a remote base, a chart) may be it;
- pods may come from elsewhere. That nothing carries some labels is known where sailwright.yaml declares the namespace, or where
  a workload of it was in all likelihood meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

from sailwright.diagnostics.suggestions import is_near
from sailwright.mesh.values import kinds
from sailwright.runtime.records import dataclass
from sailwright.source.manifest import Manifest
from sailwright.source.placeholders import has_placeholder, may_become
from sailwright.source.untyped import text, texts

if TYPE_CHECKING:
    from sailwright.mesh.index import Index
    from sailwright.mesh.objects.workloads import Workload


@dataclass(frozen=True, slots=True)
class Absent:
    """What a rule looked for and did not find: an object by its kinds and name (or host), or pods by their labels.

    `namespace` is None where it may be any. Without declared facts an object is known to be absent only where the rule found one
    that was likely meant, or hands in the names it could have been (`names`): then one of them must be near. `meant`: the rule found
    what was likely meant, so that it is no matter what else is applied with the object.
    """

    kinds: tuple[str, ...]
    name: str = ""
    namespace: str | None = None
    names: tuple[str, ...] | None = None
    labels: Mapping[str, str] | None = None
    among: Mapping[str, str] | None = None
    meant: bool = False


def no_pods(labels: Mapping[str, str], namespace: str | None, among: Mapping[str, str] | None = None) -> Absent:
    """That no pod carries these labels; with `among` none of those that carry these, which are known."""
    return Absent((), namespace=namespace, labels=labels, among=among)


def no_host(host: str, *, meant: bool = False) -> Absent:
    """That no Service, ServiceEntry or DestinationRule (with what is asked of it) has this host or short name."""
    return Absent((kinds.SERVICE, kinds.SERVICE_ENTRY, kinds.DESTINATION_RULE), host, meant=meant)


def no_object(
    kind: str, namespace: str | None, name: str, names: Iterable[str] | None = None, *, meant: bool = False
) -> Absent:
    """That there is no object of this kind and name."""
    return Absent((kind,), name, namespace, None if names is None else tuple(names), meant=meant)


def no_gateway(full_name: str) -> Absent:
    """That there is no gateway, Istio's or Kubernetes', of this `namespace/name`: without declared ones only of a near name."""
    namespace, _, name = full_name.rpartition("/")
    return Absent((kinds.GATEWAY, kinds.KUBERNETES_GATEWAY), name, namespace or None, meant=True)


def not_here() -> Absent:
    """That nothing is here on which a problem hangs: in all of a mesh there may be something. Where there is not, nothing is known."""
    return Absent((), names=())


def here() -> Absent:
    """That what makes it a problem is here, as `not_here` says the contrary: in all of a mesh it may be gone."""
    return Absent((), meant=True)


def absence_known(index: Index, manifest: Manifest, absent: Absent) -> bool:
    """Whether what an object looks for is surely not there."""
    if absent.labels is not None:
        return _pods_known(index, manifest, absent, absent.labels)
    if absent.names is not None and not any(is_near(absent.name, name) for name in absent.names):
        return False
    if manifest.lacking and absent.names is None and not absent.meant:
        return False  # what is applied with it, and cannot be read, may be it
    return not any(_may_be(found, manifest, absent) for found in index.derived(_Called).of(absent))


class _Called:
    """The objects of a mesh by what others call them: `index.derived(_Called)`. Of one name there are few, and few hold placeholders."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._known: dict[tuple[str, ...], dict[str, list[Manifest]]] = {}

    def of(self, absent: Absent) -> Iterator[Manifest]:
        """Those that have the name that is looked for, or may have it once placeholders are filled in."""
        if absent.kinds not in self._known:
            by_name: dict[str, list[Manifest]] = {}
            for found in self._index.of(*absent.kinds):
                for name in {"" if has_placeholder(each) else each for each in _called(found)}:
                    by_name.setdefault(name, []).append(found)
            self._known[absent.kinds] = by_name
        for name in {*_parts(absent.name), ""}:
            yield from self._known[absent.kinds].get(name, ())


def _parts(name: str) -> tuple[str, str]:
    """A name or host, and what it is called in its own namespace."""
    return name, name.partition(".")[0]


def _called(found: Manifest) -> list[str]:
    return [part for name in _names(found) if name for part in _parts(name)]


def _may_be(found: Manifest, asking: Manifest, absent: Absent) -> bool:
    """Whether an object may turn out to be the one that is looked for: by what is filled in, or by where it is applied."""
    wanted, called = _parts(absent.name), _called(found)
    if any(name in wanted for name in called):
        return (found.namespace is not None) != is_placed(asking) or has_placeholder(found.namespace or "")
    if not any(may_become(name, each) for name in called for each in wanted):
        return False
    return None in (absent.namespace, found.namespace) or may_become(found.namespace or "", absent.namespace or "")


def is_placed(manifest: Manifest) -> bool:
    """Whether it is said which namespace an object is about: it names one, or is one."""
    return manifest.namespace is not None or manifest.kind == "Namespace"


def _names(manifest: Manifest) -> Iterator[str]:
    """What other objects call this one: its name and its hosts."""
    yield manifest.name
    yield text(manifest.spec.get("host"))
    yield from texts(manifest.spec.get("hosts")) if manifest.kind == "ServiceEntry" else ()


# -- pods ----------------------------------------------------------------------------------------------------------------

_NAMING: Final = ("app", "name", "k8s-app", "app.kubernetes.io/name", "service.istio.io/canonical-name")
"""Labels that say which application a pod is of; that others agree (`part-of`, `tier`) proves nothing."""


def _pods_known(index: Index, manifest: Manifest, absent: Absent, selector: Mapping[str, str]) -> bool:
    """Whether no pod carries these labels: the namespace is declared, or a workload of it was in all likelihood meant."""
    if any(has_placeholder(found.manifest.namespace or "") for found in index.selected(selector)):
        return False
    if absent.namespace is not None and absent.namespace in index.facts.namespaces:
        return True
    if absent.among is not None:
        pods = index.selected(absent.among, absent.namespace)
        return bool(pods) and not any(found.manifest.lacking for found in pods) and not manifest.lacking
    return any(_is_meant(found, manifest, selector) for found in index.selected({}, absent.namespace))


def _is_meant(workload: Workload, manifest: Manifest, selector: Mapping[str, str]) -> bool:
    """Whether a selector that does not take a workload was likely written for it: it or the object has the workload's name.

    Or a label of it that names an application differs by a slip of the hand, or is the same under another key.
    """
    if is_near(workload.name, manifest.name) or any(is_near(workload.name, value) for value in selector.values()):
        return True
    own = workload.labels
    return any(
        (is_near(own[key], value) and own[key] != value if key in own else value in _naming_values(own))
        for key, value in selector.items()
        if key in _NAMING or key not in own
    )


def _naming_values(labels: Mapping[str, str]) -> frozenset[str]:
    return frozenset(labels[key] for key in _NAMING if key in labels)


# -- hosts ---------------------------------------------------------------------------------------------------------------


def host_absence_known(index: Index, host: str, namespace: str) -> bool:
    """Whether a full name that no Service or ServiceEntry has is surely in no registry either.

    It is where `known.hosts` says so, where its namespace is declared (in sailwright.yaml, or by a Namespace among the files: who
    makes a namespace has what is in it), and where one that is here was in all likelihood meant.
    """
    from sailwright.mesh.values.hosts import service_of

    decision = index.registry.decide(host)
    if decision != "undecided" or index.registry.meant(host, namespace):
        return decision != "known"
    service = service_of(host, index.domain)
    return service is not None and service[1] in index.namespaces
