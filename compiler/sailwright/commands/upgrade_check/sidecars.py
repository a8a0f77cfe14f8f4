"""The sidecars of two releases side by side: each workload is injected twice, and the pods compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sailwright.commands.diff.differences import differences
from sailwright.mesh.queries.pod_proxies import has_sidecar
from sailwright.render.injection.inject import Injected, inject
from sailwright.render.injection.pod_templates import pod_path
from sailwright.render.injection_settings import SettingsArguments, settings_with
from sailwright.runtime.records import dataclass
from sailwright.source.untyped import items

if TYPE_CHECKING:
    from sailwright.mesh.objects.workloads import Workload
    from sailwright.mesh.world import World
    from sailwright.render.injection.settings import InjectionSettings

_PLACES = {"spec.initContainers.": "", "spec.containers.": "", "spec.": "", "metadata.": ""}
"""What is cut off the paths of a pod: the names of containers say enough."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One workload under both releases: the lines that differ, and why the new injector refuses it (path and reason).

    `images` are those of the sidecar that it has today.
    """

    lines: tuple[str, ...]
    images: tuple[str, ...]
    refused: tuple[tuple[tuple[str | int, ...], str], ...]


class Injectors:
    """The settings of injection by place and release, each made once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], InjectionSettings] = {}

    def of(self, place: SettingsArguments, release: str) -> InjectionSettings:
        """The injector of a release as the project sets it up in one place."""
        key = (repr(place), release)
        if key not in self._known:
            self._known[key] = settings_with(place, release=release)
        return self._known[key]


def injected_by(workload: Workload, world: World, inject_word: str | None) -> str:
    """Who gives the pods their sidecar: `build`, `webhook`, or nobody (empty). `inject_word` is `mesh.inject` of a service."""
    if inject_word is not None:
        return inject_word if inject_word in ("build", "webhook") and not workload.host_network else ""
    takes = workload.proxy is None and world.index.injected(workload) is True
    return "webhook" if takes and has_sidecar(world.index, workload) is True else ""


def compare_sidecars(
    workload: Workload, before: InjectionSettings, after: InjectionSettings, namespace: str
) -> Compared:
    """Inject a workload as both releases do."""
    value = workload.manifest.value
    old, new = (inject(value, settings, namespace) for settings in (before, after))
    refused = tuple((problem.path, problem.message) for problem in new.problems if problem.severity == "error")
    known = {(problem.path, problem.message) for problem in old.problems if problem.severity == "error"}
    lines = () if refused or known else tuple(_lines(_pod(old), _pod(new)))
    return Compared(lines, tuple(_images(old, value)), tuple(problem for problem in refused if problem not in known))


def _images(before: Injected, given: Mapping[str, Any]) -> Iterator[str]:
    """The images that injection brings to a pod."""
    spec = _pod(before)["spec"]
    own = {container.get("image") for container in _containers(_pod(Injected(dict(given)))["spec"])}
    found = (container.get("image") for container in _containers(spec))
    yield from dict.fromkeys(image for image in found if isinstance(image, str) and image not in own)


def _containers(spec: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    listed = [*items(spec.get("initContainers")), *items(spec.get("containers"))]
    return [container for container in listed if isinstance(container, dict)]


def _pod(injected: Injected) -> Mapping[str, Any]:
    pod: Any = injected.value
    for key in pod_path(injected.value) or ():
        pod = pod[key]
    return {field: pod.get(field) or {} for field in ("metadata", "spec")}


def _lines(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """What differs between two pods, one line each."""
    for line in differences(before, after):
        place, _, change = line.partition(" ")
        prefix = next((prefix for prefix in _PLACES if place.startswith(prefix)), "")
        yield f"{place.removeprefix(prefix)} {change}"
