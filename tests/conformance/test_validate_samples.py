"""Istio's own samples and the Online Boutique: accepted, file by file, by either backend, or the finding is right."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from sailwright.diagnostics.finding import Finding
from sailwright.source.files.files import collect
from sailwright.validate.objects import objects
from sailwright.validate.run import Settings, validate

ROOT = Path(__file__).parent.parent.parent
SAMPLES = Path(os.environ.get("SAILWRIGHT_SAMPLES", ROOT.parent / "shared" / "samples"))

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples are not there")

RIGHT = {
    "istio-1.30.3/security/psp/sidecar-psp.yaml": "kind-unknown",  # PodSecurityPolicy was in policy/v1beta1, until 1.25
    "istio-1.30.3/bookinfo/networking/fault-injection-details-v1.yaml": "virtual-service-rule-unreachable",
}
"""Findings on files that others run, each looked at: the rule of each."""

STRANGERS = frozenset(
    (
        "argoproj.io",
        "certmanager.k8s.io",
        "install.istio.io",
        "spire.spiffe.io",
    )
)
"""Groups whose kinds no schema is at hand for."""


@cache
def found(istio: str, kubernetes: str) -> dict[str, tuple[Finding, ...]]:
    """What each file is told, by itself."""
    settings = Settings(kubernetes=(kubernetes,), istio=istio)
    told = {}
    for source in collect([str(SAMPLES)]).sources:
        read = objects(source)
        told[os.path.relpath(source.path, SAMPLES)] = (*read.findings, *validate(read.manifests, settings))
    return told


@pytest.mark.parametrize(("istio", "kubernetes"), [("1.30.3", "1.34"), ("1.31.0", "1.37"), ("1.24.6", "1.28")])
def test_every_file_is_accepted_or_the_finding_is_right(istio: str, kubernetes: str) -> None:
    told = found(istio, kubernetes)
    assert len(told) > 100
    rules = {
        path: {each.rule for each in findings if each.severity != "info"} - {"schema-missing"}
        for path, findings in told.items()
    }
    assert {path: names for path, names in rules.items() if names} == {path: {rule} for path, rule in RIGHT.items()}


def test_kinds_without_a_schema_are_told_and_no_error() -> None:
    missing = [
        each for findings in found("1.30.3", "1.34").values() for each in findings if each.rule == "schema-missing"
    ]
    assert missing
    assert {each.severity for each in missing} == {"warning"}
    assert {each.message.rpartition(" of ")[2].rpartition("/")[0] for each in missing} == STRANGERS
