"""The resources of sidecars: annotations and containers, native and classic, the init container too."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sailwright.lint.rule import Problem

Ask = Callable[..., list[Problem]]


def deployment(containers: str = "[]", init: str = "[]", annotations: str = "{}", labels: str = "{}") -> str:
    """A Deployment with these parts in its pod template."""
    return f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{name: reviews, namespace: shop}}
spec:
  template:
    metadata: {{annotations: {annotations}, labels: {labels}}}
    spec:
      initContainers: {init}
      containers: {containers}
"""


PROXY = "{name: istio-proxy, image: 'istio/proxyv2:1.31.0'%s}"
FULL = ", resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {cpu: 2, memory: 1Gi}}"


@pytest.mark.parametrize("place", ["containers", "init"])
@pytest.mark.parametrize("name", ["istio-proxy", "istio-init", "istio-validation"])
def test_every_injected_container_needs_limits_wherever_it_stands(ask: Ask, place: str, name: str) -> None:
    """Classic and native proxies, and both kinds of init container, get the same resources from injection."""
    text = deployment(**{place: f"[{(PROXY % '').replace('istio-proxy', name)}]"})
    (problem,) = ask("sidecar-limits-missing", text)
    assert problem.message == f"container {name} has no cpu and no memory limit"
    assert (
        ask("sidecar-limits-missing", deployment(**{place: f"[{(PROXY % FULL).replace('istio-proxy', name)}]"})) == []
    )


def test_an_override_for_the_injector_is_completed_by_it(ask: Ask) -> None:
    """`image: auto` keeps what the template says and the manifest does not."""
    text = deployment("[{name: istio-proxy, image: auto, resources: {requests: {cpu: 50m}}}]")
    assert ask("sidecar-limits-missing", text) == []
    assert ask("sidecar-requests-missing", text) == []


def test_an_override_can_still_contradict_itself(ask: Ask) -> None:
    """Both halves of what an override does say are compared."""
    text = deployment("[{name: istio-proxy, image: auto, resources: {requests: {cpu: 2}, limits: {cpu: 500m}}}]")
    assert len(ask("sidecar-limit-below-request", text)) == 1


def test_a_container_baked_from_annotations_is_told_once(ask: Ask) -> None:
    """The cause is the annotation; the container only follows it."""
    text = deployment(f"[{PROXY % ''}]", annotations="{sidecar.istio.io/proxyCPU: 100m}")
    assert len(ask("sidecar-annotations-partial", text)) == 1
    assert ask("sidecar-limits-missing", text) == []


def test_three_of_four_annotations_name_the_missing_one(ask: Ask) -> None:
    """The message says what is lost, the remedy what to add."""
    annotations = (
        "{sidecar.istio.io/proxyCPU: 100m, sidecar.istio.io/proxyMemory: 128Mi, sidecar.istio.io/proxyCPULimit: '1'}"
    )
    (problem,) = ask("sidecar-annotations-partial", deployment(annotations=annotations))
    assert "no memory limit" in problem.message
    assert problem.help == "set sidecar.istio.io/proxyMemoryLimit too"
    assert ask("sidecar-annotations-partial", deployment(annotations=annotations), optional=["proxyMemoryLimit"]) == []


def test_other_annotations_and_no_injection_are_silent(ask: Ask) -> None:
    """Only the four drop the defaults, and only where there is a sidecar."""
    assert ask("sidecar-annotations-partial", deployment(annotations="{sidecar.istio.io/logLevel: debug}")) == []
    off = deployment(annotations="{sidecar.istio.io/proxyCPU: 100m}", labels="{sidecar.istio.io/inject: 'false'}")
    assert ask("sidecar-annotations-partial", off) == []


def test_quantities_are_compared_by_value(ask: Ask) -> None:
    """1024Mi is 1Gi, 1000m is 1, and 1e3 is 1k."""
    same = ", resources: {requests: {cpu: 1000m, memory: 1Gi}, limits: {cpu: 1, memory: 1024Mi}}"
    assert ask("sidecar-limit-below-request", deployment(f"[{PROXY % same}]")) == []
    less = ", resources: {requests: {cpu: 1001m, memory: 1Gi}, limits: {cpu: 1, memory: 1G}}"
    assert len(ask("sidecar-limit-below-request", deployment(f"[{PROXY % less}]"))) == 2


def test_a_limit_without_a_request_is_said_to_be_reserved_whole(ask: Ask) -> None:
    """The API server copies the limit into the request."""
    (problem,) = ask(
        "sidecar-requests-missing", deployment(f"[{PROXY % ', resources: {limits: {cpu: 2, memory: 1Gi}}'}]")
    )
    assert problem.message.endswith("Kubernetes reserves the whole limit of 2 and 1Gi")


def test_floors_are_parameters(ask: Ask) -> None:
    """What is enough depends on the mesh."""
    text = deployment(f"[{PROXY % FULL}]")
    assert ask("sidecar-below-floor", text) == []
    (problem,) = ask("sidecar-below-floor", text, memory_request="256Mi")
    assert "memory request 128Mi is below the floor of 256Mi" in problem.message


@pytest.mark.parametrize(
    ("config", "limit", "reported"),
    [
        ("concurrency: 2", "'2'", False),
        ("concurrency: 3", "'2'", True),
        ("concurrency: 2", "1500m", False),  # rounded up, as Istio does
        ("concurrency: 0", "'2'", True),  # a thread for each core of the node
        ('{"concurrency": 8}', "'2'", True),
        ("holdApplicationUntilProxyStarts: true", "'2'", False),
        ("{not yaml", "'2'", False),
    ],
)
def test_concurrency_is_held_against_the_cpu_limit(ask: Ask, config: str, limit: str, reported: bool) -> None:
    """Threads that cannot run wait for each other."""
    annotations = (
        f"{{proxy.istio.io/config: '{config}', sidecar.istio.io/proxyCPU: 100m, sidecar.istio.io/proxyMemory: 128Mi, "
        f"sidecar.istio.io/proxyCPULimit: {limit}, sidecar.istio.io/proxyMemoryLimit: 256Mi}}"
    )
    assert bool(ask("sidecar-concurrency-above-cpu-limit", deployment(annotations=annotations))) is reported


def test_concurrency_is_read_from_a_baked_proxy_too(ask: Ask) -> None:
    """PROXY_CONFIG is where injection writes it."""
    baked = PROXY % ", env: [{name: PROXY_CONFIG, value: '{\"concurrency\":4}'}], resources: {limits: {cpu: 2}}"
    (problem,) = ask("sidecar-concurrency-above-cpu-limit", deployment(f"[{baked}]"))
    assert problem.path[-1] == "value"


@pytest.mark.parametrize("kind", ["Job", "CronJob"])
def test_a_classic_sidecar_keeps_a_job_alive(ask: Ask, kind: str) -> None:
    """Wherever the pod template stands."""
    pod = f"template: {{spec: {{containers: [{{name: work, image: 'work:1.0.0'}}, {PROXY % ''}]}}}}"
    spec = pod if kind == "Job" else f"jobTemplate: {{spec: {{{pod}}}}}"
    text = f"apiVersion: batch/v1\nkind: {kind}\nmetadata: {{name: work, namespace: shop}}\nspec: {{{spec}}}\n"
    assert len(ask("sidecar-job-never-completes", text)) == 1


def test_an_excluded_port_matters_where_a_service_leads_to_it(ask: Ask) -> None:
    """By number or by the name of the container port; a server-first or metrics port may well be excluded."""
    service = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: %s, port: 80, targetPort: web}]}
---"""
    pod = deployment(
        "[{name: reviews, ports: [{name: web, containerPort: 9080}]}]",
        annotations="{traffic.sidecar.istio.io/excludeInboundPorts: '9080'}",
        labels="{app: reviews}",
    )
    assert len(ask("sidecar-skips-own-port", service % "http" + pod)) == 1
    assert ask("sidecar-skips-own-port", service % "tcp" + pod) == []
