"""A lint of services that come, go, or are others than they were says what a lint without cache says, whatever is around them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.hostile.repositories import prepared
from tests.lint.test_after_change import whole_mesh_judged
from tests.lint.test_kept_results import outcome, without_cache

from sailwright.commands.lint import around_again

RUNS = int(os.environ.get("SAILWRIGHT_FUZZ_RUNS") or 4)

PROJECT = """\
apiVersion: sailwright/v1alpha1
services: ["services/*/service.yaml"]
istio: {version: 1.31.0, sidecarMode: native}
environments: {prod: {}}
lint: {preset: strict}
manifests: [{paths: ["manifests/*.yaml"]}]
"""
LABELS = PROJECT + "namespaces: {two: {labels: {team: two}}}\n"
TWO = PROJECT.replace("{prod: {}}", "{staging: {}, prod: {clusters: {east: {}, west: {}}}}")


def _object(kind: str, name: str, spec: str) -> str:
    namespace, _, name = name.rpartition("/")
    place = f", namespace: {namespace}" if namespace else ""
    return f"apiVersion: {kind.partition(' ')[0]}\nkind: {kind.partition(' ')[2]}\nmetadata: {{name: {name}{place}}}\n{spec}\n"


AROUND = {
    "strict": _object(
        "security.istio.io/v1 PeerAuthentication", "istio-system/default", "spec: {mtls: {mode: STRICT}}"
    ),
    "port": _object(
        "security.istio.io/v1 PeerAuthentication",
        "one/port",
        "spec: {selector: {matchLabels: {app: cart}}, portLevelMtls: {8080: {mode: DISABLE}}}",
    ),
    "namespace": "apiVersion: v1\nkind: Namespace\nmetadata: {name: one, labels: {istio-injection: enabled}}\n",
    "gateway": _object(
        "networking.istio.io/v1 Gateway",
        "one/public",
        "spec: {selector: {app: gateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [a.example.com]}]}",
    ),
    "own gateway": _object(
        "networking.istio.io/v1 Gateway",
        "one/own",
        "spec: {selector: {app: pay}, servers: [{port: {number: 81, name: http, protocol: HTTP}, hosts: ['*']}]}",
    ),
    "sidecar": _object(
        "networking.istio.io/v1 Sidecar", "one/default", "spec: {egress: [{hosts: ['./*', 'istio-system/*']}]}"
    ),
    "telemetry": _object(
        "telemetry.istio.io/v1 Telemetry", "istio-system/default", "spec: {tracing: [{disableSpanReporting: true}]}"
    ),
    "deny": _object("security.istio.io/v1 AuthorizationPolicy", "one/deny", "spec: {}"),
    "allow": _object(
        "security.istio.io/v1 AuthorizationPolicy",
        "istio-system/allow",
        "spec: {rules: [{from: [{source: {principals: [cluster.local/ns/one/sa/cart, cluster.local/ns/one/sa/mail]}}]}]}",
    ),
    "callers": _object(
        "security.istio.io/v1 AuthorizationPolicy",
        "one/callers",
        "spec: {selector: {matchLabels: {app: cart}}, rules: [{from: [{source: {namespaces: [two, three]}}]}]}",
    ),
    "entry": _object(
        "networking.istio.io/v1 ServiceEntry",
        "one/books",
        "spec: {hosts: [books.example.com], addresses: [10.1.0.0/16], ports: [{number: 443, name: tls, protocol: TLS}]}",
    ),
    "wide rule": _object(
        "networking.istio.io/v1 DestinationRule",
        "one/wide",
        "spec: {host: '*.one.svc.cluster.local', subsets: [{name: v1, labels: {version: v1}}]}",
    ),
    "tokens": _object(
        "security.istio.io/v1 RequestAuthentication",
        "one/tokens",
        "spec: {selector: {matchLabels: {app: cart}}, jwtRules: [{issuer: 'https://idp.example.com'}]}",
    ),
    "routes": _object(
        "networking.istio.io/v1 VirtualService",
        "one/away",
        "spec: {hosts: [mail.one.svc.cluster.local], http: [{route: [{destination: {host: cart.one.svc.cluster.local, subset: v2}}]}]}",
    ),
    "clash": _object(
        "networking.istio.io/v1 VirtualService",
        "one/clash",
        "spec: {hosts: [books.example.com], tls: [{match: [{sniHosts: [books.example.com], destinationSubnets: [10.1.0.0/16]}], route: [{destination: {host: books.example.com}}]}, "
        "{match: [{sniHosts: [books.example.com]}], route: [{destination: {host: cart.one.svc.cluster.local}}]}]}",
    ),
    "pods": "apiVersion: apps/v1\n"
    + _object(
        "apps/v1 Deployment",
        "one/by-hand",
        "spec: {selector: {matchLabels: {app: by-hand}}, template: {metadata: {labels: {app: by-hand, sidecar.istio.io/inject: 'true'}, "
        "annotations: {sidecar.istio.io/proxyImage: 'example.com/proxyv2:latest'}}, spec: {containers: [{name: app, image: 'example.com/app:1'}]}}}",
    ).partition("\n")[2],
    "hidden": _object(
        "networking.istio.io/v1 DestinationRule",
        "one/books",
        "spec: {host: mail.one.svc.cluster.local, exportTo: [.], subsets: [{name: v1, labels: {version: v1}}]}",
    ),
    "for all": _object(
        "networking.istio.io/v1 VirtualService",
        "one/for-all",
        "spec: {hosts: [pay.one.svc.cluster.local], http: [{route: [{destination: {host: mail.one.svc.cluster.local, subset: v1}}]}]}",
    ),
    "selects": _object(
        "networking.istio.io/v1 EnvoyFilter",
        "one/filter",
        "spec: {workloadSelector: {labels: {tier: back}}, configPatches: [{applyTo: LISTENER, patch: {operation: REMOVE}}]}",
    ),
}
"""What may be around the services."""

SERVICE = """\
apiVersion: sailwright/v1alpha1
name: {name}
namespace: {namespace}
ports: [{{name: http, port: 80, targetPort: 8080, appProtocol: http}}]
versions:
  - {{name: v1, image: "example.com/{name}:1", weight: 50}}
  - {{name: v2, image: "example.com/{name}:2", weight: 50}}
"""
NAMES = ("cart", "mail", "pay", "carts", "gateway", "stock")
MORE = (
    "",
    "labels: {tier: back}\n",
    "accessPolicy: {inbound: [{service: one/cart}]}\n",
    "accessPolicy: {outbound: [{service: one/mail}]}\n",
    "expose: {gateways: [one/public], hosts: [a.example.com]}\n",
    "accessPolicy: {inbound: [{namespace: three}]}\n",
    "service: {name: mail}\n",
    "mesh: {inject: none}\n",
    "mtls: {mode: PERMISSIVE}\n",
    "trafficPolicy: {loadBalancer: PASSTHROUGH}\n",
    "environments: {prod: {enabled: false}}\n",
    "timeout: 3s\nroutes: [{match: [{uri: {prefix: /x}}], to: [{host: cart.one.svc.cluster.local}], timeout: 9s}, {to: v1}]\n",
    "routes: [{match: [{uri: {prefix: /x}}], to: [{host: nobody.one.svc.cluster.local}]}, {to: v1}]\n",
    "annotations: {sailwright.dev/ignore: image-tag-latest it moves}\n",
    "exportTo: [.]\n",
    "exportTo: [two]\n",
)
"""What a service says besides."""


def text_of(name: str, more: str = "", namespace: str = "one") -> str:
    """A service file."""
    return SERVICE.format(name=name, namespace=namespace) + more


def put(folder: Path, name: str, text: str | None) -> None:
    """Write a service file, or remove it."""
    place = folder / "services" / name
    if text is None:
        shutil.rmtree(place, ignore_errors=True)
    else:
        place.mkdir(parents=True, exist_ok=True)
        (place / "service.yaml").write_text(text)


def project(
    folder: Path, around: tuple[str, ...] = (), text: str = PROJECT, names: tuple[str, ...] = NAMES[:3]
) -> Path:
    """A project of some services, with some of what may be around them."""
    (folder / "manifests").mkdir(parents=True)
    (folder / "sailwright.yaml").write_text(text)
    for each in around:
        (folder / f"manifests/{each.replace(' ', '-')}.yaml").write_text(AROUND[each])
    for name in names:
        put(folder, name, text_of(name))
    return folder


names = st.sampled_from(NAMES)
texts = st.one_of(
    st.none(), st.builds(text_of, names, st.sampled_from(MORE), st.sampled_from(("one", "one", "two", "three")))
)
steps_of = st.lists(st.lists(st.tuples(names, texts), min_size=1, max_size=2), min_size=1, max_size=5)


@settings(
    max_examples=RUNS,
    deadline=None,
    derandomize=not os.environ.get("SAILWRIGHT_FUZZ_RUNS"),
    suppress_health_check=list(HealthCheck),
)
@given(
    around=st.lists(st.sampled_from(sorted(AROUND)), max_size=4, unique=True),
    text=st.sampled_from((PROJECT, LABELS, TWO)),
    steps=steps_of,
)
def test_any_services_that_come_and_go_give_what_a_lint_without_cache_gives(
    tmp_path_factory: pytest.TempPathFactory, around: list[str], text: str, steps: list[list[tuple[str, str | None]]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("lint") / "project"
        patch.setenv("XDG_CACHE_HOME", str(folder.parent / "cache"))
        patch.setattr("sailwright.commands.lint.linked_services._PART", 1)
        outcome(project(folder, tuple(around), text))
        for step in steps:
            for name, found in step:
                put(folder, name, found)
            assert outcome(folder) == without_cache(folder)


def many(folder: Path) -> None:
    """Five services that have nothing to do with each other, linted once."""
    outcome(project(folder, ("gateway",), names=("cart", "mail", "pay", "carts", "stock")))


@pytest.fixture
def linted(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Such a project."""
    return prepared(tmp_path_factory, monkeypatch, many)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("basket", text_of("basket")),
        ("basket", text_of("basket", namespace="two")),
        ("basket", text_of("basket", "expose: {gateways: [one/public], hosts: [a.example.com]}\n")),
        ("stock", text_of("stock", "labels: {tier: back}\n")),
        ("stock", text_of("stock", "service: {name: supply}\n")),
        ("stock", None),
    ],
    ids=["comes", "comes to a new namespace", "comes to a gateway", "other labels", "another name", "goes"],
)
def test_what_is_not_linked_is_not_judged_again(
    linted: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str | None
) -> None:
    put(linted, name, text)
    assert not whole_mesh_judged(linted, monkeypatch)


def test_where_no_rule_asks_about_services_nothing_around_them_is_judged_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = project(tmp_path / "project", names=NAMES)
    outcome(folder)
    monkeypatch.setattr(around_again, "_looked_around", lambda *_: pytest.fail("all services were looked at"))
    put(folder, "basket", text_of("basket"))
    assert not whole_mesh_judged(folder, monkeypatch)
    put(folder, "basket", None)
    assert not whole_mesh_judged(folder, monkeypatch)


def test_what_a_rule_finds_that_asks_the_whole_mesh_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a VirtualService by hand, which a service is linked to that has changed."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = project(tmp_path / "project", ("entry", "clash"), names=NAMES)
    assert "listener-refused" in outcome(folder)[1]
    put(folder, "cart", text_of("cart").replace("weight: 50", "weight: 10", 1).replace("weight: 50", "weight: 90", 1))
    assert not whole_mesh_judged(folder, monkeypatch)
    assert "listener-refused" in outcome(folder)[1]


def test_a_waypoint_that_comes_with_a_service_is_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is in no file of a service, and the rules about waypoints had no subject before."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = project(tmp_path / "project", text=LABELS)
    outcome(folder)
    put(folder, "carts", text_of("carts", "mesh: {waypoint: wp}\n", "two"))
    assert "waypoint-unused" in outcome(folder)[1]
    assert outcome(folder) == without_cache(folder)
    put(folder, "carts", None)
    assert outcome(folder) == without_cache(folder)


def test_a_service_goes_whose_callers_may_mean_another_of_a_like_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which nothing links to them: without it the rule says nothing, and not even that something is absent."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = project(tmp_path / "project", ("clash",), names=("cart", "gateway", "carts", "mail"))
    outcome(folder)
    put(folder, "cart", None)
    assert "did you mean" in without_cache(folder)[1]
    assert outcome(folder) == without_cache(folder)


NOBODY = AROUND["port"].replace("app: cart", "app: pays")
"""A policy that selects no pods of its namespace; whether others are meant hangs on which there are."""


def test_a_namespace_has_workloads_that_nothing_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The workload that a policy selects goes elsewhere, others stay; then all of them go."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = project(tmp_path / "project", ("port",), names=("cart", "carts", "mail", "stock"))
    outcome(folder)
    put(folder, "cart", text_of("cart", namespace="three"))
    assert not whole_mesh_judged(folder, monkeypatch)
    assert "no workload of namespace one has the labels app=cart" in outcome(folder)[1]
    for name in ("mail", "stock", "carts"):
        put(folder, name, None)
        assert outcome(folder) == without_cache(folder)
    assert "no workload of namespace one" not in outcome(folder)[1]


def test_a_namespace_has_workloads_in_another_portion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = project(tmp_path / "project", names=("cart", "mail", "pay"))
    (folder / "manifests/nobody.yaml").write_text(NOBODY)
    whole = without_cache(folder)
    assert "no workload of namespace one has the labels app=pays" in whole[1]
    monkeypatch.setattr("sailwright.workspace.parallel.MANY", 2)
    monkeypatch.setattr("sailwright.commands.lint.in_portions.AT_ONCE", 1)
    assert not whole_mesh_judged(folder, monkeypatch)
    assert outcome(folder) == whole


def test_the_last_service_of_an_environment_comes_and_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then there is no namespace of services, and nothing around them but what is by hand."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("sailwright.commands.lint.linked_services._PART", 1)
    folder = project(tmp_path / "project", text=TWO, names=("mail",))
    outcome(folder)
    for text in (None, text_of("cart"), text_of("cart", "environments: {prod: {enabled: false}}\n"), None):
        put(folder, "mail", None)
        put(folder, "cart", text)
        assert outcome(folder) == without_cache(folder)
