"""Manifests that others run: no rule calls an error what works, and each warning that is left is true."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sailwright.lint.deduplicate import resolve
from sailwright.lint.rule import preset
from sailwright.lint.run_rules import EnabledRule, run_rules
from sailwright.mesh.world import World
from sailwright.source.manifest import manifests
from sailwright.source.source import Source, parse
from sailwright_policies import RULES

ROOT = Path(__file__).parents[2]
SAMPLES = Path(os.environ.get("SAILWRIGHT_SAMPLES", ROOT.parent / "shared" / "samples"))

DEFENDED = {
    ("security/psp/sidecar-psp.yaml", "kind-unknown"): "PodSecurityPolicy left Kubernetes with 1.25",
    ("bookinfo/networking/fault-injection-details-v1.yaml", "virtual-service-rule-unreachable"): "its second rule has no match either",
    ("bookinfo/networking/bookinfo-gateway.yaml", "gateway-route-without-subset"): "productpage is routed without a subset beside destination-rule-all",
    ("bookinfo/policy/productpage_envoy_ratelimit.yaml", "envoy-filter-relative"): "INSERT_BEFORE without a priority",
    ("ratelimit/local-rate-limit-service.yaml", "envoy-filter-relative"): "INSERT_BEFORE without a priority",
    ("custom-bootstrap/example-app.yaml", "image-tag-latest"): "no tag",
    ("extauthz/ext-authz.yaml", "image-tag-latest"): "latest",
    ("extauthz/local-ext-authz.yaml", "image-tag-latest"): "latest",
    ("grpc-echo/grpc-echo.yaml", "image-tag-latest"): "latest",
    ("health-check/liveness-command.yaml", "image-tag-latest"): "no tag",
    ("mtls-echo/mtls-echo.yaml", "image-tag-latest"): "latest",
    ("proxy-coredump/daemonset.yaml", "image-tag-latest"): "no tag",
    ("websockets/app.yaml", "image-tag-latest"): "no tag",
}  # fmt: skip
"""Each warning or error of the samples, by file and rule, and why it is right."""


@pytest.fixture(scope="module")
def sources() -> tuple[Source, ...]:
    """Istio's samples and Online Boutique, read."""
    if not SAMPLES.is_dir():
        pytest.skip(f"no manifests of others in {SAMPLES}: name their folder with SAILWRIGHT_SAMPLES")
    paths = sorted(SAMPLES.rglob("*.yaml"))
    return tuple(parse(str(path.relative_to(SAMPLES)), path.read_bytes()) for path in paths)


def reported(sources: tuple[Source, ...]) -> set[tuple[str, str]]:
    """File and rule of each warning and error that the recommended rules find in one world of these files."""
    world = World(tuple(found for source in sources for found in manifests(source)))
    rule_run = run_rules([world], [EnabledRule(rule) for rule in RULES if preset(rule) == "recommended"])
    assert not rule_run.crashes
    findings = [resolve(found) for found in rule_run.found if found.severity != "info"]
    return {(finding.location.file.partition("/")[2], finding.rule) for finding in findings}


def test_all_samples_together(sources: tuple[Source, ...]) -> None:
    """One repository with everything in it."""
    assert reported(sources) <= DEFENDED.keys()


def test_each_file_by_itself(sources: tuple[Source, ...]) -> None:
    """As a hook sees one changed file: what stands in other files cannot be decided, and is not guessed."""
    for source in sources:
        assert reported((source,)) <= DEFENDED.keys(), source.path
