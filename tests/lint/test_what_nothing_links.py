"""A lint after a change of one service says what a lint without cache says, of rules that ask for objects that nothing links to it.

What such a rule has to say hangs on a name, a namespace or a Gateway of services that are not judged again.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.lint.test_after_change import whole_mesh_judged
from tests.lint.test_kept_results import outcome, without_cache
from tests.lint.test_services_that_come_and_go import PROJECT, project, put, text_of

from sailwright.runtime.records import dataclass

_NONE = "mesh: {inject: none}\n"
_BY_WEBHOOK = "mesh: {inject: webhook}\n"
_ON_THE_NODE = "patches: [{target: {kind: Deployment}, patch: {spec: {template: {spec: {hostNetwork: true}}}}}]\n"
_CALLERS = """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: callers, namespace: one}
spec: {selector: {matchLabels: {app: cart}}, rules: [{from: [{source: {namespaces: [two]}}]}]}
"""
_RULE = """---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: outside, namespace: three}
spec: {host: outside.example.com, trafficPolicy: {loadBalancer: {simple: RANDOM}}}
"""


@dataclass(frozen=True, slots=True)
class Case:
    """Hand-written objects around the services cart, mail, pay and stock of namespace one, a file for each object.

    `before` and `steps` have what services say besides (None: they go), and the namespace where it is another; `said` what is said
    in the end, or was at the beginning.
    """

    written: str
    said: str
    steps: tuple[tuple[str, str | None], ...]
    before: tuple[tuple[str, str], ...] = ()
    text: str = PROJECT


CASES = {
    "rollout-reference-unknown": Case(
        """
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: pay, namespace: one}
spec: {strategy: {canary: {stableService: pay, canaryService: stokc}}}
""",
        "there is no Service stokc in its namespace",
        (("pay", "timeout: 3s\n"),),
    ),
    "delegate-unknown": Case(
        """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: front, namespace: edge}
spec:
  hosts: [a.example.com]
  gateways: [edge/public]
  http:
    - match: [{uri: {prefix: /x}}]
      delegate: {name: nobody, namespace: two}
    - route: [{destination: {host: pay.one.svc.cluster.local}}]
""",
        "there is no VirtualService two/nobody",
        (("pay", "timeout: 3s\n"),),
        (("stock", "namespace: two\ntimeout: 3s\n"),),
    ),
    "telemetry-selects-nothing": Case(
        """
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: mails-v1, namespace: one}
spec: {selector: {matchLabels: {app: cart}}, tracing: [{disableSpanReporting: true}]}
""",
        "no workload of `one` has the labels app=cart",
        (("cart", "namespace: three\n"),),
    ),
    "sidecar-selects-nothing": Case(
        """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: mails-v1, namespace: one}
spec: {workloadSelector: {labels: {app: cart}}, egress: [{hosts: [./pay.one.svc.cluster.local]}]}
""",
        "no workload of `one` has the labels app=cart",
        (("cart", "namespace: three\n"),),
    ),
    "authorization-matches-nothing, others are in the mesh": Case(
        _CALLERS,
        "no workload of `one` that is in the mesh has the labels app=cart",
        (("cart", _NONE),),
        (("mail", _NONE),),
    ),
    "authorization-matches-nothing, the last of the others leaves the mesh": Case(
        _CALLERS.replace("one", "istio-system").replace("two", "three") + _RULE,
        "no workload of any namespace that is in the mesh has the labels app=cart",
        (("pay", f"namespace: two\n{_NONE}"),),
        (("cart", _NONE), ("mail", _NONE), ("stock", _NONE), ("pay", "namespace: two\n")),
    ),
    "authorization-matches-nothing, the last of the others is on the network of its node": Case(
        _CALLERS + _RULE,
        "no workload of `one` that is in the mesh has the labels app=cart",
        (("pay", _BY_WEBHOOK + _ON_THE_NODE),),
        (("cart", _NONE), ("mail", _NONE), ("stock", _NONE), ("pay", _BY_WEBHOOK)),
        PROJECT + "namespaces: {one: {allow: [hostNetwork], labels: {istio-injection: enabled}}}\n",
    ),
    "autoscaler-target-unknown": Case(
        """
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: pay, namespace: one}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: stokc-v1}, minReplicas: 2, maxReplicas: 5}
""",
        "there is no Deployment stokc-v1 in namespace one",
        (("pay", None),),
    ),
    "route-parent-unfit": Case(
        """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: pay, namespace: one}
spec: {parentRefs: [{group: '', kind: Service, name: stokc}], rules: [{backendRefs: [{name: pay, port: 80}]}]}
---
apiVersion: v1
kind: Namespace
metadata: {name: one, labels: {istio-injection: enabled}}
""",
        "did you mean `stock`",
        (("pay", "timeout: 3s\n"),),
    ),
}


def write(folder: Path, name: str, more: str | None) -> None:
    """Write a service file, in the namespace that it says."""
    namespace = "one"
    if more is not None and more.startswith("namespace: "):
        first, _, more = more.partition("\n")
        namespace = first.partition(": ")[2]
    put(folder, name, None if more is None else text_of(name, more, namespace))


def begin(folder: Path, case: Case) -> Path:
    """The project of a case, as it is at the beginning."""
    project(folder, text=case.text, names=("cart", "mail", "pay", "stock"))
    for number, written in enumerate(case.written.split("---\n")):
        (folder / f"manifests/{number}.yaml").write_text(written)
    for name, more in case.before:
        write(folder, name, more)
    return folder


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_it_is_said_as_without_cache(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = begin(tmp_path / "project", case)
    said = [outcome(folder)[1]]
    for name, step in case.steps:
        write(folder, name, step)
        assert not whole_mesh_judged(folder, monkeypatch)
        said.append(without_cache(folder)[1])
    assert any(case.said in each for each in said)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_it_is_said_in_portions(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("sailwright.workspace.parallel.MANY", 2)
    monkeypatch.setattr("sailwright.commands.lint.in_portions.AT_ONCE", 1)
    folder = begin(tmp_path / "project", case)
    for name, step in case.steps:
        write(folder, name, step)
    assert not whole_mesh_judged(folder, monkeypatch)


GATEWAY = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: one}
spec: {selector: {app: gateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
"""
CALLERS_OF_ALL = """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: callers, namespace: istio-system}
spec: {selector: {matchLabels: {}}, rules: [{from: [{source: {namespaces: [three]}}]}]}
"""


def include(folder: Path, name: str, text: str, namespace: str = "one") -> None:
    """Write a service that includes a manifest."""
    put(folder, name, text_of(name, "include: [more.yaml]\n", namespace))
    (folder / f"services/{name}/more.yaml").write_text(text)


def test_a_gateway_of_a_like_name_is_that_of_a_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = project(tmp_path / "project", names=("cart", "mail", "pay"))
    include(folder, "stock", GATEWAY)
    outcome(folder)
    put(folder, "pay", text_of("pay", "expose: {gateways: [one/pubilc], hosts: [a.example.com]}\n"))
    assert not whole_mesh_judged(folder, monkeypatch)
    assert "did you mean `one/public`" in outcome(folder)[1]
    put(folder, "stock", text_of("stock"))
    assert outcome(folder) == without_cache(folder)


def test_a_service_has_a_policy_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its selector is there, and has no labels."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    allowed = "namespaces: {istio-system: {services: [services/gateway/service.yaml]}}\n"
    folder = project(tmp_path / "project", text=PROJECT + allowed, names=("cart", "mail", "pay"))
    include(folder, "gateway", CALLERS_OF_ALL, "istio-system")
    rule = ("--select", "workload-without-authorization")
    outcome(folder, *rule)
    put(folder, "pay", text_of("pay", "labels: {tier: back}\n"))
    assert outcome(folder, *rule) == without_cache(folder, *rule)
    assert "no AuthorizationPolicy selects" not in outcome(folder, *rule)[1]


def test_a_gateway_is_at_all_pods(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It selects by no labels: whoever uses it hangs on all of them."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = project(tmp_path / "project", names=("cart", "mail", "pay", "stock"))
    (folder / "manifests/gateway.yaml").write_text(GATEWAY.replace("{app: gateway}", "{}"))
    exposed = "expose: {gateways: [one/public], hosts: [a.example.com]}\n"
    put(folder, "pay", text_of("pay", exposed))
    outcome(folder)
    claim = "routes: [{match: [{headers: {'@request.auth.claims.group': {exact: staff}}}], to: v1}]\n"
    put(folder, "pay", text_of("pay", exposed + claim))
    assert "Deployment cart-v1" in without_cache(folder)[1]
    assert outcome(folder) == without_cache(folder)
