"""Releases of Istio that a project names and that this version of sailwright was not compared with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sailwright.diagnostics.finding import Finding, Severity
from sailwright.mesh.values.releases import NEWEST, Release, newer_minor, only_known, parse_release, unverified
from sailwright.project.istio import IstioSettings
from sailwright.project.model import Project
from sailwright.project.service.model import Service
from sailwright.project.service.resolve import Target
from sailwright.project.service.trace import Spot
from sailwright.project.services import Services
from sailwright.runtime.errors import Failure

PATCH, MINOR = "istio-patch-unverified", "istio-minor-unverified"
RULES = (PATCH, MINOR)
"""Both are reported at the first of all places that name a release."""

Named = tuple[Spot, IstioSettings]
"""Where a release is named, and what is said of Istio there."""


def unverified_releases(project: Project, targets: Iterable[Target], services: Services) -> Iterator[Finding]:
    """Newer patches of known lines, and newer minors. Raises Failure for any other release that is not known."""
    for text, (spot, istio) in _named(project, targets, services).items():
        release = _read(text, spot)
        if unverified(release):
            yield _finding(PATCH, release, "is newer than any release this version was compared with", spot, istio)
        elif newer_minor(release):
            yield _finding(
                MINOR,
                release,
                f"is newer than any minor version that Sailwright knows: files are checked as for {NEWEST}",
                spot,
                istio,
            )


def refuse_to_bake(project: Project, service: Service, text: str) -> None:
    """No sidecar is rendered for a minor that is not known. Raises Failure, naming the line that names it."""
    spot = service.written(_OWN) if service.mesh.istio.get("version") else Spot(project.document, ("istio",))
    release = _read(text, spot)
    try:
        only_known(release)
    except Failure as failure:
        raise _placed(failure, spot) from None


_OWN = ("mesh", "istio", "version")


def _named(project: Project, targets: Iterable[Target], services: Services) -> Mapping[str, Named]:
    places: dict[str, Named] = {}
    for target in targets:
        istio = project.istio_for(target)
        for release in (istio.version, *istio.control_planes.values()):
            if release:
                places.setdefault(release, (Spot(project.document, ("istio",)), istio))
        for service in services.by_target[target]:
            if own := service.mesh.istio.get("version"):
                places.setdefault(own, (service.written(_OWN), istio))
    return places


def _finding(rule: str, release: Release, fault: str, spot: Spot, istio: IstioSettings) -> Finding:
    strict, remedy = (istio.strict_patch, _NEWER_PATCH) if rule == PATCH else (istio.strict_minor, _NEWER_MINOR)
    severity: Severity = "error" if strict else "warning"
    return Finding(rule, severity, f"Istio {release} {fault}", spot.location(), remedy, path=spot.path)


_NEWER_PATCH = "its newest known template is used: look for a newer sailwright, and read Istio's release notes"
_NEWER_MINOR = "look for a newer sailwright, and read Istio's release notes; no sidecar is rendered for it"


def _read(text: str, spot: Spot) -> Release:
    try:
        return parse_release(text)
    except Failure as failure:
        raise _placed(failure, spot) from None


def _placed(failure: Failure, spot: Spot) -> Failure:
    location = spot.location()
    return Failure(f"{location.file}:{location.line}: {failure.message}")
