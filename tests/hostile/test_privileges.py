"""What a service may do is measured on its final objects, whichever way it came into them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.render.project import ONE, PROJECT, TWO, compiled, objects, told

from sailwright.mesh.values.pod_security_baseline import CONTROLS, baseline
from sailwright.project.schema.judge import schema
from sailwright.render.guarded_kinds import KINDS
from sailwright.runtime.errors import Failure

RULES = ("privilege-not-allowed", "patch-privilege", "include-unfit", "template-fault")


def found(*services: str, **project: Any) -> list[tuple[str, str, int]]:
    """Rule, file and line of what is refused."""
    return [(f.rule, f.location.file, f.location.line) for f in told(*services, **project) if f.rule in RULES]


def allow(*words: str) -> str:
    return PROJECT + f"namespaces: {{shop: {{allow: [{', '.join(words)}]}}}}\n"


# -- the service's own words

OWN = {
    "hostNetwork": "hostNetwork: true",
    "hostPID": "hostPID: true",
    "hostIPC": "hostIPC: true",
    "hostPath": "volumes: [{name: v, hostPath: {path: /}}]",
    "hostPort": "ports: [{containerPort: 8080, hostPort: 80}]",
    "privileged": "securityContext: {privileged: true}",
    "capabilities": "securityContext: {capabilities: {add: [SYS_ADMIN]}}",
    "procMount": "securityContext: {procMount: Unmasked}",
    "seccompProfile": "podSecurityContext: {seccompProfile: {type: Unconfined}}",
    "appArmorProfile": "annotations: {container.apparmor.security.beta.kubernetes.io/cart: unconfined}",
    "seLinuxOptions": "securityContext: {seLinuxOptions: {type: spc_t}}",
    "sysctls": "podSecurityContext: {sysctls: [{name: kernel.msgmax, value: '1'}]}",
    "proxyImage": "annotations: {sidecar.istio.io/proxyImage: example.com/p:1}",
}


@pytest.mark.parametrize("place", ["versions", "defaults", "environment"])
@pytest.mark.parametrize("control", OWN)
def test_the_services_own_words_need_the_projects(control: str, place: str) -> None:
    """At the line that says it; with `allow` they are fine."""
    project = ""
    if place == "versions":
        text, line = ONE.replace('"cart:1"', f'"cart:1", {OWN[control]}'), 5
    elif place == "defaults":
        text, line = ONE + f"defaults: {{{OWN[control]}}}\n", 6
    else:
        text, line = ONE + f"environments: {{prod: {{defaults: {{{OWN[control]}}}}}}}\n", 6
        project = "environments: {prod: {}}\n"
    assert found(text, project=PROJECT + project) == [("privilege-not-allowed", "s0.yaml", line)]
    assert found(text, project=allow(control) + project) == []


def test_the_message_says_what_to_write_where() -> None:
    [finding] = told(ONE.replace('"cart:1"', '"cart:1", hostNetwork: true'))
    assert "beyond the Pod Security level `baseline`" in finding.message
    assert "`namespaces: {shop: {allow: [hostNetwork]}}`" in finding.help


def test_a_cause_is_reported_once() -> None:
    """Two versions have it from one line."""
    assert len(found(TWO + "defaults: {hostNetwork: true}\n")) == 1


@pytest.mark.parametrize("containers", ["containers", "initContainers"])
def test_containers_beside_the_first_count(containers: str) -> None:
    more = f"{containers}: [{{name: more, image: 'a:1', securityContext: {{privileged: true}}}}]"
    assert [rule for rule, _, _ in found(ONE.replace('"cart:1"', f'"cart:1", {more}'))] == ["privilege-not-allowed"]


def test_hosts_of_probes_count_where_the_cluster_refuses_them() -> None:
    """From Kubernetes 1.34 on (Pod Security Standards, Host Probes / Lifecycle Hooks)."""
    text = ONE.replace('"cart:1"', '"cart:1", readinessProbe: {httpGet: {path: /, port: 8080, host: 10.0.0.1}}')
    assert found(text) == []
    assert found(text, project=PROJECT + 'kubernetes: {version: "1.33"}\n') == []
    assert len(found(text, project=PROJECT + 'kubernetes: {version: "1.34"}\n')) == 1


@pytest.mark.parametrize(
    "own",
    [
        "securityContext: {capabilities: {add: [NET_BIND_SERVICE], drop: [ALL]}}",
        "securityContext: {runAsUser: 0}",
        "podSecurityContext: {sysctls: [{name: net.ipv4.tcp_keepalive_time, value: '60'}]}",
        "podSecurityContext: {seccompProfile: {type: RuntimeDefault}}",
        "volumes: [{name: v, secret: {secretName: payments-db}}]",
        "envFrom: [{secretRef: {name: payments}}, {configMapRef: {name: payments-config}}]",
        "imagePullSecrets: [{name: registry}]",
        "annotations: {sidecar.istio.io/proxyImage: docker.io/istio/proxyv2:1.31.0-debug}",
        "annotations: {sidecar.istio.io/interceptionMode: TPROXY}",
        "serviceAccount: {name: another, create: false}",
    ],
)
def test_what_baseline_takes_and_what_nobody_knows_is_silent(own: str) -> None:
    """A Secret or account that no file of the project names may be anybody's, also the service's own."""
    assert told(ONE.replace('"cart:1"', f'"cart:1", {own}')) == []


def test_a_mirror_of_istios_images_is_no_image_from_elsewhere() -> None:
    text = ONE + "mesh: {sidecar: {image: registry.example.com/istio/proxyv2:1.31.0}}\n"
    assert found(text) == [("privilege-not-allowed", "s0.yaml", 6)]
    assert (
        found(text, project=PROJECT.replace("native", "native, values: {global: {hub: registry.example.com/istio}}"))
        == []
    )


# -- annotations that injection reads

ANNOTATIONS = {
    "a volume": ("sidecar.istio.io/userVolume", {"h": {"hostPath": {"path": "/"}}}),
    "a volume in a list": ("sidecar.istio.io/userVolume", [{"name": "h", "hostPath": {"path": "/"}}]),
    "fields of the sidecar": ("proxy.istio.io/overrides", {"containers": [{"name": "istio-proxy", "securityContext": {"privileged": True}}]}),
    "an image of the sidecar": ("proxy.istio.io/overrides", {"containers": [{"name": "istio-proxy", "image": "example.com/p:1"}]}),
    "an image before the sidecar": ("proxy.istio.io/overrides", {"initContainers": [{"name": "istio-init", "image": "example.com/p:1"}]}),
}  # fmt: skip


@pytest.mark.parametrize("inject", ["build", "webhook"])
@pytest.mark.parametrize("what", ANNOTATIONS)
def test_what_injection_makes_of_annotations_counts(what: str, inject: str) -> None:
    """Whoever injects: the build, or the webhook later."""
    key, value = ANNOTATIONS[what]
    annotations = json.dumps({key: json.dumps(value)})
    text = ONE + f"mesh: {{inject: {inject}}}\n"
    assert found(text + f"defaults: {{annotations: {annotations}}}\n") == [("privilege-not-allowed", "s0.yaml", 7)]
    patch = {"spec": {"template": {"metadata": {"annotations": {key: json.dumps(value)}}}}}
    patched = text + f"patches:\n  - target: {{kind: Deployment}}\n    patch: {json.dumps(patch)}\n"
    assert {rule for rule, _, line in found(patched) if line == 9} == {"patch-privilege"}


def test_a_container_named_as_an_injected_one_is_laid_over_it() -> None:
    """Its image would run as the sidecar, as root where it likes."""
    own = "containers: [{name: istio-proxy, image: '%s', securityContext: {runAsUser: 0}}]"
    text = ONE.replace('"cart:1"', f'"cart:1", {own}')
    assert [rule for rule, _, _ in found(text % "example.com/p:1")] == ["privilege-not-allowed"]
    assert found(text % "auto") == []


def test_what_injection_itself_adds_is_no_matter_of_the_service() -> None:
    """istio-init has NET_ADMIN and is root: only the level that the namespace enforces is asked about it."""
    pod = objects(ONE, injecting=True)["Deployment/cart-v1"]["spec"]["template"]
    assert [violation.control for violation in baseline(pod)] == ["capabilities", "capabilities"]
    assert told(ONE, injecting=True) == []


# -- patches

PATCHES = [
    "{spec: {template: {spec: {securityContext: {seccompProfile: {type: Unconfined}}}}}}",
    "{spec: {template: {metadata: {annotations: {container.apparmor.security.beta.kubernetes.io/cart: unconfined}}}}}",
    "{spec: {template: {metadata: {annotations: {seccomp.security.alpha.kubernetes.io/pod: unconfined}}}}}",
    "{spec: {template: {spec: {securityContext: {windowsOptions: {hostProcess: true}}}}}}",
    "{spec: {template: {spec: {securityContext: {sysctls: [{name: kernel.shmmax, value: '1'}]}}}}}",
    "{spec: {template: {spec: {hostPID: true}}}}",
    "{spec: {template: {spec: {hostIPC: true}}}}",
    "[{op: add, path: /spec/template/spec/containers/0/securityContext, value: {procMount: Unmasked}}]",
    "[{op: add, path: /spec/template/spec/containers/0/securityContext, value: {seLinuxOptions: {user: system_u}}}]",
    "[{op: add, path: /spec/template/spec/initContainers, value: [{name: i, image: a, securityContext: {privileged: true}}]}]",
    "[{op: add, path: /spec/template/spec/serviceAccount, value: admin}]",
    "[{op: add, path: /spec/template/spec/volumes, value: [{name: a, emptyDir: {}}, {name: b, hostPath: {path: /dev}}]}]",
]


@pytest.mark.parametrize("patch", PATCHES)
def test_a_patch_grants_nothing(patch: str) -> None:
    text = ONE + f"patches:\n  - target: {{kind: Deployment}}\n    patch: {patch}\n"
    assert found(text) == [("patch-privilege", "s0.yaml", 8)]


# -- what belongs to another service

PAY = """\
name: pay
namespace: shop
{owner}ports: [{{name: http, port: 8080, appProtocol: http}}]
versions: [{{name: v1, image: "pay:1"}}]
config: {{files: [pay.conf]}}
include: [pay-extra.yml]
"""
EXTRA = """\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: pay-keys}
spec: {target: {name: pay-db}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: pay-limits}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: pay-batch}
"""
FILES = {"pay.conf": "a", "pay-extra.yml": EXTRA}
OTHERS = {
    "a Secret as a volume": ("secret", "volumes: [{name: v, secret: {secretName: pay-db}}]"),
    "a Secret among others": ("secret", "volumes: [{name: v, projected: {sources: [{secret: {name: pay-db}}]}}]"),
    "a Secret as a variable": ("secret", "env: [{name: A, valueFrom: {secretKeyRef: {name: pay-db, key: a}}}]"),
    "a Secret as variables": ("secret", "envFrom: [{secretRef: {name: pay-db}}]"),
    "a Secret for images": ("secret", "imagePullSecrets: [{name: pay-db}]"),
    "a Secret beside the sidecar": ("secret", "annotations: {sidecar.istio.io/userVolume: '{\"a\":{\"secret\":{\"secretName\":\"pay-db\"}}}'}"),
    "an included ConfigMap": ("configMap", "envFrom: [{configMapRef: {name: pay-limits}}]"),
    "a rendered ConfigMap": ("configMap", "volumes: [{name: v, configMap: {name: pay-config}}]"),
    "the sidecar's bootstrap": ("configMap", "annotations: {sidecar.istio.io/bootstrapOverride: pay-limits}"),
    "an account": ("serviceAccount", "serviceAccount: {name: pay, create: false}"),
    "an included account": ("serviceAccount", "serviceAccount: {name: pay-batch, create: false}"),
}  # fmt: skip


@pytest.mark.parametrize("what", OTHERS)
def test_what_another_service_owns_is_not_for_this_one(what: str) -> None:
    control, own = OTHERS[what]
    text = ONE.replace('"cart:1"', f'"cart:1", {own}')
    pay = PAY.format(owner="")
    assert found(text, pay, files=FILES) == [("privilege-not-allowed", "s0.yaml", 5)]
    assert found(text, pay, files=FILES, project=allow(control)) == []
    assert found(text, pay.replace("namespace: shop", "namespace: bank"), files=FILES) == []


def test_services_of_one_owner_share() -> None:
    text = ONE.replace('"cart:1"', '"cart:1", envFrom: [{configMapRef: {name: pay-config}}]')
    own, pay = "owner: team-shop\n", PAY.format(owner="owner: team-shop\n")
    assert found(text + own, pay, files=FILES) == []
    assert len(found(text + "owner: team-web\n", pay, files=FILES)) == 1
    assert found(pay, files=FILES) == []


# -- Istio's objects

MESH: dict[str, tuple[str, str]] = {
    "everybody": ("access", "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a}\nspec: {rules: [{}]}\n"),
    "everybody, at length": ("access", "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a}\nspec: {action: ALLOW, rules: [{from: [], to: []}]}\n"),
    "routes": ("hosts", "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\nspec: {hosts: [pay.bank.svc.cluster.local]}\n"),
    "routes of a namespace": ("hosts", "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\nspec: {hosts: ['*.bank.svc.cluster.local']}\n"),
    "routes of all": ("hosts", "apiVersion: networking.istio.io/v1beta1\nkind: VirtualService\nmetadata: {name: a}\nspec: {hosts: ['*']}\n"),
    "a traffic policy": ("hosts", "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a}\nspec: {host: pay.bank.svc.cluster.local, exportTo: ['*']}\n"),
    "an entry": ("hosts", "apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: a}\nspec: {hosts: [pay.bank.svc.cluster.local]}\n"),
    "Lua": ("envoyFilter", "apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: {name: a}\nspec: {configPatches: [{patch: {value: {name: x, typed_config: {'@type': type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua}}}}]}\n"),
    "Wasm": ("envoyFilter", "apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: {name: a}\nspec: {configPatches: [{patch: {value: {name: envoy.filters.http.wasm}}}]}\n"),
    "a plugin": ("wasmPlugin", "apiVersion: extensions.istio.io/v1alpha1\nkind: WasmPlugin\nmetadata: {name: a}\nspec: {url: 'oci://example.com/p:1'}\n"),
    "an extension": ("wasmPlugin", "apiVersion: extensions.istio.io/v1alpha1\nkind: TrafficExtension\nmetadata: {name: a}\nspec: {lua: {inlineCode: x}}\n"),
}  # fmt: skip


@pytest.mark.parametrize("what", MESH)
def test_what_istios_objects_open_needs_the_projects_word(what: str) -> None:
    control, manifest = MESH[what]
    text = ONE + "include: [more.yml]\n"
    files = {"more.yml": manifest}
    assert [(rule, file) for rule, file, _ in found(text, files=files)] == [("privilege-not-allowed", "more.yml")]
    assert found(text, files=files, project=allow(control)) == []


@pytest.mark.parametrize(
    "manifest",
    [
        "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a}\nspec: {rules: [{to: [{operation: {paths: [/public]}}]}]}\n",
        "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a}\nspec: {action: DENY, rules: [{}]}\n",
        "apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: a}\nspec: {}\n",
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\nspec: {hosts: [pay.bank.svc.cluster.local], exportTo: [.]}\n",
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\nspec: {hosts: ['*'], gateways: [istio-ingress/public]}\n",
        "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a}\nspec: {host: pay.bank.svc.cluster.local, exportTo: [shop]}\n",
        "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a}\nspec: {host: api.example.com}\n",
        "apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: a}\nspec: {hosts: ['*.example.com']}\n",
        "apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata: {name: a}\nspec: {egress: [{hosts: [./*, bank/*, istio-system/*]}]}\n",
        "apiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: {name: a}\nspec: {configPatches: [{patch: {value: {name: envoy.filters.http.local_ratelimit}}}]}\n",
    ],
)  # fmt: skip
def test_what_stays_its_own_is_silent(manifest: str) -> None:
    assert found(ONE + "include: [more.yml]\n", files={"more.yml": manifest}) == []


def test_the_host_of_another_service_is_not_to_be_routed() -> None:
    patch = "patches: [{target: {kind: VirtualService}, patch: {spec: {hosts: [pay.shop.svc.cluster.local]}}}]\n"
    pay = PAY.format(owner="")
    assert found(TWO + patch, pay, files=FILES) == [("patch-privilege", "s0.yaml", 6)]
    assert found(TWO + patch.replace("pay.shop", "cart.shop"), pay, files=FILES) == []


# -- routes of the Gateway API, and Services

ROUTE = """\
apiVersion: gateway.networking.k8s.io/{version}
kind: {kind}
metadata: {{name: a}}
spec: {spec}
"""
TAKES = "{parentRefs: [{group: '', kind: Service, name: pay, port: 8080}]}"
SENDS = (
    "{parentRefs: [{name: public, namespace: edge}], rules: [{backendRefs: [{name: pay, namespace: bank, port: 80}]}]}"
)
MIRRORS = """{parentRefs: [{name: public}], rules: [{backendRefs: [{name: cart, port: 80}],
  filters: [{type: RequestMirror, requestMirror: {backendRef: {name: log, namespace: bank, port: 80}}}]}]}"""
OWN_ROUTES = {
    "its own Service": "{parentRefs: [{group: '', kind: Service, name: cart}], rules: [{backendRefs: [{name: cart-v1, port: 80}]}]}",
    "a Gateway of another namespace": "{parentRefs: [{name: public, namespace: edge}], hostnames: [www.example.com]}",
    "its own namespace, by name": "{parentRefs: [{name: public}], rules: [{backendRefs: [{name: cart, namespace: shop, port: 80}]}]}",
    "a consumer route": "{parentRefs: [{group: '', kind: Service, name: pay, namespace: bank}]}",
    "a Service of nobody": "{parentRefs: [{group: '', kind: Service, name: legacy}]}",
    "nothing": "{}",
}


@pytest.mark.parametrize(
    ("kind", "version"),
    [
        ("HTTPRoute", "v1"),
        ("HTTPRoute", "v1beta1"),
        ("GRPCRoute", "v1"),
        ("TCPRoute", "v1alpha2"),
        ("TLSRoute", "v1alpha3"),
    ],
)
@pytest.mark.parametrize("spec", [TAKES, SENDS, MIRRORS], ids=["takes", "sends", "mirrors"])
def test_a_route_of_the_gateway_api_is_measured_as_a_virtual_service(kind: str, version: str, spec: str) -> None:
    text, pay = ONE + "include: [more.yml]\n", PAY.format(owner="")
    files = {**FILES, "more.yml": ROUTE.format(kind=kind, version=version, spec=spec)}
    assert [(rule, file) for rule, file, _ in found(text, pay, files=files)] == [("privilege-not-allowed", "more.yml")]
    assert found(text, pay, files=files, project=allow("hosts")) == []


@pytest.mark.parametrize("what", OWN_ROUTES)
def test_a_route_of_its_own_is_silent(what: str) -> None:
    files = {**FILES, "more.yml": ROUTE.format(kind="HTTPRoute", version="v1", spec=OWN_ROUTES[what])}
    assert found(ONE + "include: [more.yml]\n", PAY.format(owner=""), files=files) == []


def test_services_of_one_owner_route_for_each_other() -> None:
    text, pay = ONE + "owner: team-shop\ninclude: [more.yml]\n", PAY.format(owner="owner: team-shop\n")
    assert found(text, pay, files={**FILES, "more.yml": ROUTE.format(kind="HTTPRoute", version="v1", spec=TAKES)}) == []


SERVICE = (
    "apiVersion: v1\nkind: Service\nmetadata: {name: more}\nspec: {ports: [{name: http, port: 80}], externalIPs: %s}\n"
)


def test_an_address_of_the_network_is_not_for_every_service() -> None:
    """A Service with `externalIPs` takes, on every node, whatever is sent to that address."""
    text = ONE + "include: [more.yml]\n"
    files = {"more.yml": SERVICE % "[192.0.2.7]"}
    assert found(text, files=files) == [("privilege-not-allowed", "more.yml", 4)]
    assert found(text, files=files, project=allow("externalIPs")) == []
    assert found(text, files={"more.yml": SERVICE % "[]"}) == []
    patch = "patches: [{target: {kind: Service}, patch: {spec: {externalIPs: [192.0.2.7]}}}]\n"
    assert found(ONE + patch) == [("patch-privilege", "s0.yaml", 6)]


# -- included files and templates

AGENT = """\
apiVersion: {api}
kind: {kind}
metadata: {{name: agent}}
spec:
  template:
    spec:
      hostPID: true
      containers: [{{name: a, image: "a:1"}}]
"""


@pytest.mark.parametrize(
    ("api", "kind"),
    [("apps/v1", "DaemonSet"), ("serving.knative.dev/v1", "Service"), ("argoproj.io/v1alpha1", "Rollout"), ("batch.example.com/v1", "Job")],
)  # fmt: skip
def test_pods_of_included_objects_count_whatever_their_kind(api: str, kind: str) -> None:
    files = {"more.yml": AGENT.format(api=api, kind=kind)}
    assert found(ONE + "include: [more.yml]\n", files=files) == [("privilege-not-allowed", "more.yml", 7)]
    assert found(ONE + "include: [more.yml]\n", files=files, project=allow("hostPID")) == []


def test_a_pod_that_was_injected_before_has_its_init_container_from_istio() -> None:
    """As kube-inject wrote it; with another image the same container is somebody's own."""
    baked = """\
apiVersion: v1
kind: Pod
metadata: {name: a, annotations: {sidecar.istio.io/status: '{"initContainers":["istio-init"]}'}}
spec:
  initContainers: [{name: istio-init, image: "%s/proxyv2:1.31.0", securityContext: {capabilities: {add: [NET_ADMIN, NET_RAW]}}}]
  containers: [{name: a, image: "a:1"}]
"""
    text = ONE + "mesh: {inject: none}\ninclude: [more.yml]\n"
    assert found(text, files={"more.yml": baked % "docker.io/istio"}) == []
    assert {line for _, _, line in found(text, files={"more.yml": baked % "example.com"})} == {5}


POD = """\
metadata:
  labels: {{ labels }}
spec:
  hostPID: true
  containers:
    - name: {{ container.name }}
      image: {{ container.image }}
"""


def test_what_a_template_writes_is_reported_in_it() -> None:
    files = {"templates/pod.yaml.j2": POD}
    assert found(ONE, files=files) == [("privilege-not-allowed", "templates/pod.yaml.j2", 4)]
    assert found(ONE, files=files, project=allow("hostPID")) == []


@pytest.mark.parametrize(
    ("api", "kind"),
    [
        ("v1", "Namespace"),
        ("rbac.authorization.k8s.io/v1", "RoleBinding"),
        ("apiregistration.k8s.io/v1", "APIService"),
        ("cert-manager.io/v1", "ClusterIssuer"),
    ],
)
def test_a_template_makes_no_kind_that_is_not_listed(api: str, kind: str) -> None:
    text = f"apiVersion: {api}\nkind: {kind}\nmetadata: {{{{ metadata }}}}\n"
    assert found(ONE, files={"templates/more.yaml.j2": text}) == [("template-fault", "templates/more.yaml.j2", 1)]


NAMESPACE = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: {team: shop}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (NAMESPACE, ""),
        (NAMESPACE.replace("team: shop", "pod-security.kubernetes.io/enforce: privileged"), "Pod Security labels"),
        (NAMESPACE.replace("name: shop", "name: kube-system"), "the Namespace shop"),
        (NAMESPACE.replace("kind: Namespace", "kind: ClusterRoleBinding"), "the Namespace shop"),
    ],
)
def test_the_template_of_namespaces_makes_that_namespace_alone(text: str, said: str) -> None:
    """With the Pod Security labels that sailwright.yaml says."""
    project = PROJECT + "namespaces: {shop: {render: true}}\n"
    compilation = compiled(ONE, project=project, files={"templates/namespace.yaml.j2": text})
    if said:
        with pytest.raises(Failure, match=said):
            _all(compilation)
    else:
        assert _all(compilation)["Namespace/shop"]["metadata"]["labels"] == {"team": "shop"}


def test_a_namespace_that_is_listed_for_its_allow_says_nothing_of_its_labels() -> None:
    """Whether it injects stays unknown, as for a namespace that is not listed."""
    compilation = compiled(ONE, project=allow("hostPath"))
    [rendering] = compilation.renderings.values()
    assert dict(rendering.context.facts.namespaces) == {}
    compilation = compiled(ONE, project=PROJECT + "namespaces: {shop: {allow: [hostPath], labels: {a: b}}}\n")
    [rendering] = compilation.renderings.values()
    assert dict(rendering.context.facts.namespaces) == {"shop": {"a": "b"}}


# -- all of them at once

MUTATIONS: list[tuple[str, dict[str, Any]]] = [
    ("hostNetwork", {"hostNetwork": True}),
    ("hostPID", {"hostPID": True}),
    ("hostIPC", {"hostIPC": True}),
    ("hostPath", {"volumes": [{"name": "v", "hostPath": {"path": "/x"}}]}),
    ("sysctls", {"securityContext": {"sysctls": [{"name": "kernel.msgmax", "value": "1"}]}}),
    ("seccompProfile", {"securityContext": {"seccompProfile": {"type": "Unconfined"}}}),
    ("hostProcess", {"securityContext": {"windowsOptions": {"hostProcess": True}}}),
    *[
        (control, {field: [{"name": "m", "image": "m:1", **extra}]})
        for field in ("initContainers", "ephemeralContainers")
        for control, extra in (
            ("privileged", {"securityContext": {"privileged": True}}),
            ("capabilities", {"securityContext": {"capabilities": {"add": ["SYS_PTRACE"]}}}),
            ("procMount", {"securityContext": {"procMount": "Unmasked"}}),
            ("hostPort", {"ports": [{"containerPort": 1, "hostPort": 1}]}),
            ("appArmorProfile", {"securityContext": {"appArmorProfile": {"type": "Unconfined"}}}),
            ("seLinuxOptions", {"securityContext": {"seLinuxOptions": {"role": "r"}}}),
        )
    ],
]


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(MUTATIONS),
    st.sampled_from(["patch", "operations", "include", "template", "annotation"]),
    st.booleans(),
)
def test_no_privilege_slips_through(mutation: tuple[str, dict[str, Any]], way: str, harmless: bool) -> None:
    """Whichever way it comes in, and whatever harmless change comes after it: it is refused, or it does not run."""
    control, spec = mutation
    text, files = ONE, {}
    after = [{"op": "add", "path": "/spec/template/spec/priorityClassName", "value": "p"}] if harmless else []
    if way == "patch":
        patch = {"spec": {"template": {"spec": spec}}}
        text += f"patches: [{{target: {{kind: Deployment}}, patch: {json.dumps(patch)}}}]\n"
    elif way == "operations":
        steps = [{"op": "add", "path": f"/spec/template/spec/{key}", "value": value} for key, value in spec.items()]
        text += f"patches: [{{target: {{kind: Deployment}}, patch: {json.dumps([*steps, *after])}}}]\n"
    elif way == "include":
        pod = {"containers": [{"name": "a", "image": "a:1"}], **spec}
        one = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "more"}, "spec": pod}
        text, files = text + "include: [more.yml]\n", {"more.yml": json.dumps(one)}
    elif way == "template":
        lines = "".join(f"  {key}: {json.dumps(value)}\n" for key, value in spec.items())
        files = {"templates/pod.yaml.j2": POD.replace("  hostPID: true\n", lines)}
    else:
        overrides = {field: spec.get(field, []) for field in ("initContainers", "ephemeralContainers")}
        volumes = {volume["name"]: volume for volume in spec.get("volumes", ())}
        named = {key: [{**each, "name": "istio-proxy"} for each in value] for key, value in overrides.items()}
        notes = {
            "proxy.istio.io/overrides": json.dumps({"containers": named["initContainers"]}),
            "sidecar.istio.io/userVolume": json.dumps(volumes),
        }
        text += f"defaults: {{annotations: {json.dumps(notes)}}}\n"
    refused = {finding.rule for finding in told(text, files=files)} & set(RULES)
    compilation = compiled(text, files=files, injecting=True)
    clean = {v.message for v in _violations(objects(ONE, injecting=True))}
    running = {v.message for v in _violations(_all(compilation))} - clean
    assert refused or not running
    assert not refused or control in CONTROLS


def _all(compilation: Any) -> dict[str, Any]:
    files = [file for target in compilation.targets for file in compilation.files(target)]
    return {f"{one.kind}/{one.name}": one.value for file in files for one in file.rendered_objects}


def _violations(found: dict[str, Any]) -> list[Any]:
    pods = [
        value if value["kind"] == "Pod" else value["spec"]["template"]
        for value in found.values()
        if value["kind"] in ("Pod", "Deployment")
    ]
    return [violation for pod in pods for violation in baseline(pod)]


def test_every_word_of_allow_is_one_that_an_error_names() -> None:
    words = schema("project")["$defs"]["Namespace"]["properties"]["allow"]["items"]["enum"]
    others = {
        "access",
        "hosts",
        "envoyFilter",
        "wasmPlugin",
        "proxyImage",
        "serviceAccount",
        "secret",
        "configMap",
        "externalIPs",
    }
    assert set(words) == {*KINDS, *CONTROLS, *others}
