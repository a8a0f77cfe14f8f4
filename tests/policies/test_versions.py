"""Version skew: proxies, control planes, releases, and the versions of workloads."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sailwright.lint.rule import Problem
from sailwright.mesh.facts import Facts

Ask = Callable[..., list[Problem]]


def baked(tag: str, revision: str | None = None, place: str = "containers", name: str = "reviews") -> str:
    """A Deployment with a baked proxy."""
    extra = ", restartPolicy: Always" if place == "initContainers" else ""
    annotations = f"{{istio.io/rev: {revision}}}" if revision else "{}"
    return f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: shop}}
spec:
  template:
    metadata: {{annotations: {annotations}}}
    spec: {{{place}: [{{name: istio-proxy, image: "registry.istio.io/release/proxyv2:{tag}"{extra}}}]}}
---"""


@pytest.mark.parametrize("place", ["containers", "initContainers"])
@pytest.mark.parametrize(
    ("tag", "plane", "fault"),
    [
        ("1.31.0", "1.31.0", ""),
        ("1.30.3", "1.31.0", ""),
        ("1.30.3-distroless", "1.31.0", ""),
        ("1.31.5", "1.31.0", "ahead"),
        ("1.31.0", "1.31.5", ""),
        ("1.31", "1.31.5", ""),
        ("1.31.0", "1.30.3", "ahead"),
        ("1.31.0-debug", "1.30.3", "ahead"),
        ("1.29.6", "1.31.0", "more than one minor behind"),
        ("latest", "1.31.0", ""),
        ("1.31.0@sha256:abc", "1.30.3", "ahead"),
    ],
)
def test_never_ahead_and_at_most_one_minor_behind(ask: Ask, place: str, tag: str, plane: str, fault: str) -> None:
    """Istio supports a control plane that is one minor ahead of its proxies, and nothing else."""
    found = ask("proxy-version-skew", baked(tag, place=place), Facts(control_planes={"default": plane}))
    assert [fault in problem.message for problem in found] == ([True] if fault else [])


def test_a_patch_ahead_is_a_warning(ask: Ask) -> None:
    """It is out of order too, and rarely more than that."""
    planes = Facts(control_planes={"default": "1.31.0"})
    assert [problem.severity for problem in ask("proxy-version-skew", baked("1.31.1"), planes)] == ["warning"]
    assert [problem.severity for problem in ask("proxy-version-skew", baked("1.29.0"), planes)] == [None]


def test_exact_is_stricter(ask: Ask) -> None:
    """Some teams demand the very same release."""
    planes = Facts(control_planes={"default": "1.31.0"})
    assert len(ask("proxy-version-skew", baked("1.30.3"), planes, exact=True)) == 1
    assert len(ask("proxy-version-skew", baked("1.31.1"), planes, exact=True)) == 1
    assert ask("proxy-version-skew", baked("1.31.0"), planes, exact=True) == []


def test_each_revision_has_its_own_control_plane(ask: Ask) -> None:
    """During an upgrade two run side by side."""
    planes = Facts(control_planes={"default": "1.29.6", "canary": "1.31.0"})
    assert ask("proxy-version-skew", baked("1.30.3", "canary"), planes) == []
    assert len(ask("proxy-version-skew", baked("1.30.3", "default"), planes)) == 1
    assert ask("proxy-version-skew", baked("1.30.3", "elsewhere"), planes) == []  # cannot be decided


def test_without_declared_control_planes_nothing_is_said(ask: Ask) -> None:
    """A repository cannot know what runs in the cluster."""
    assert ask("proxy-version-skew", baked("1.20.0")) == []


def test_an_override_is_no_baked_proxy(ask: Ask) -> None:
    """`image: auto` is whatever the webhook injects."""
    text = baked("1.20.0").replace("registry.istio.io/release/proxyv2:1.20.0", "auto")
    assert ask("proxy-version-skew", text, Facts(control_planes={"default": "1.31.0"})) == []


@pytest.mark.parametrize(
    ("variables", "reported"),
    [
        ({"CA_ADDR": "istiod.istio-system.svc:15012"}, 0),
        ({"CA_ADDR": "istiod-canary.istio-system.svc:15012"}, 1),
        ({"CA_ADDR": "istiod-canary.istio-system.svc:15012", "PROXY_CONFIG": '{"discoveryAddress":"istiod-canary.istio-system.svc:15012"}'}, 2),
        ({"CA_ADDR": "ca.example.com:443"}, 0),  # a CA of one's own
        ({"CA_ADDR": "istiod-revision-tag-prod.istio-system.svc:15012"}, 0),  # a tag stands for some revision
        ({"CA_ADDR": "istiod.istio-control.svc.cluster.local:15012"}, 0),
    ],
)  # fmt: skip
def test_the_names_of_the_control_plane_agree(ask: Ask, variables: dict[str, str], reported: int) -> None:
    """The annotation says default."""
    env = ", ".join(f"{{name: {name}, value: '{value}'}}" for name, value in variables.items())
    text = baked("1.31.0", "default").replace('proxyv2:1.31.0"', f'proxyv2:1.31.0", env: [{env}]')
    assert len(ask("proxy-revision-disagrees", text)) == reported


def test_a_namespace_with_several_proxies_names_those_left_behind(ask: Ask) -> None:
    """The newest is the measure; each older one is told."""
    text = baked("1.31.0") + baked("1.30.3", name="ratings") + baked("1.29.6", name="details")
    assert [problem.manifest.name for problem in ask("proxy-versions-mixed", text)] == ["ratings", "details"]


@pytest.mark.parametrize(
    ("label", "image", "reported"),
    [
        ("v1", "reviews-v1:1.20.3", False),
        ("v2", "reviews-v1:1.20.3", True),
        ("v1", "reviews:v1", False),
        ("v1", "reviews:v2", True),
        ("v1", "reviews:42", False),  # a build number
        ("1.4.0", "reviews:1.4.0", False),
        ("v1.4.0", "reviews:1.4.0", False),
        ("1.4.0", "reviews:1.4.1", True),
        ("1.4", "reviews:1.4.1", False),
        ("stable", "reviews:1.4.1", False),
        ("v1", "reviews:1.4.1-alpine", False),
        ("v1", "reviews@sha256:abc", False),
        ("v1", "registry:5000/reviews", False),
    ],
)
def test_a_label_is_held_against_an_image_as_precise(ask: Ask, label: str, image: str, reported: bool) -> None:
    """Only what says the same kind of thing can contradict."""
    text = f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{name: reviews, namespace: shop}}
spec:
  template:
    metadata: {{labels: {{app: reviews, version: "{label}"}}}}
    spec: {{containers: [{{name: reviews, image: "{image}"}}, {{name: istio-proxy, image: "istio/proxyv2:1.31.0"}}]}}
"""
    assert bool(ask("image-version-mismatch", text)) is reported


def test_features_are_asked_of_the_oldest_control_plane(ask: Ask) -> None:
    """What one of two control planes drops is dropped for its proxies."""
    text = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: any, namespace: shop}
spec: {hosts: ["*.example.com"], resolution: DYNAMIC_DNS, ports: [{number: 443, name: tls, protocol: TLS}]}
"""
    assert ask("feature-not-in-release", text, Facts(control_planes={"a": "1.28.10", "b": "1.31.0"})) == []
    (problem,) = ask("feature-not-in-release", text, Facts(control_planes={"a": "1.27.9", "b": "1.31.0"}))
    assert problem.message.startswith("resolution: DYNAMIC_DNS came with Istio 1.28")


def test_environments_are_upgraded_in_their_order(ask: Ask) -> None:
    """Each is compared with the one before it, with what it inherits."""
    text = """
apiVersion: sailwright/v1alpha1
istio: {version: 1.30.3, controlPlanes: {default: 1.30.3}}
environments:
  dev: {istio: {controlPlanes: {default: 1.31.0}}}
  staging: {istio: {version: 1.31.0}}
  prod: {}
"""
    (problem,) = ask("environment-upgrade-order", text)
    assert problem.path == ("environments", "staging", "istio", "version")


def test_revisions_are_looked_for_wherever_they_are_written(ask: Ask) -> None:
    """Pod templates, Namespaces, and the namespaces that sailwright.yaml declares."""
    text = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec: {template: {metadata: {labels: {istio.io/rev: gone}}}}
---
apiVersion: sailwright/v1alpha1
namespaces: {shop: {labels: {istio.io/rev: gone}}}
"""
    facts = Facts(control_planes={"default": "1.31.0"}, namespaces={"shop": {"istio.io/rev": "gone"}})
    assert [problem.path for problem in ask("revision-unknown", text, facts)] == [
        ("spec", "template", "metadata", "labels", "istio.io/rev"),
        ("namespaces", "shop", "labels", "istio.io/rev"),
    ]
    assert ask("revision-unknown", text) == []


def test_the_pods_own_label_is_one_of_the_names_that_agree(ask: Ask) -> None:
    """A baked pod that is labelled for another revision would be injected by that one."""
    text = baked("1.31.0", "default").replace(
        "metadata: {annotations", "metadata: {labels: {istio.io/rev: canary}, annotations"
    )
    assert len(ask("proxy-revision-disagrees", text)) == 1
