"""Where we differ from istioctl on purpose, unless --compat istioctl asks for its answer. docs/inject.md lists them."""

import json
from typing import Any

import pytest
from tests.injection.workloads import container, deployment, errors, injected, order, plain, probers, template, variable

from sailwright.render.injection.inject import inject
from sailwright.render.injection.settings import settings_from

NEWEST = "1.31.0"


def cron_job() -> dict[str, object]:
    """A CronJob whose pod template has an annotation."""
    pod = template(deployment({"sidecar.istio.io/proxyCPU": "50m"}))
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": "report", "namespace": "shop"},
        "spec": {"schedule": "0 3 * * *", "jobTemplate": {"spec": {"template": pod}}},
    }


def test_a_cron_jobs_marks_go_to_its_pods() -> None:
    """istioctl reads and marks the Job's metadata: the pods get neither the annotations' effect nor tlsMode."""
    ours = inject(cron_job(), plain(NEWEST, compat=False)).value["spec"]["jobTemplate"]
    assert "metadata" not in ours
    assert ours["spec"]["template"]["metadata"]["labels"]["security.istio.io/tlsMode"] == "istio"
    assert container(ours["spec"]["template"])["resources"] == {"requests": {"cpu": "50m"}}
    theirs = inject(cron_job(), plain(NEWEST)).value["spec"]["jobTemplate"]
    assert theirs["metadata"]["labels"]["security.istio.io/tlsMode"] == "istio"
    assert "security.istio.io/tlsMode" not in theirs["spec"]["template"]["metadata"]["labels"]
    assert container(theirs["spec"]["template"])["resources"]["limits"] == {"cpu": "2", "memory": "1Gi"}


def test_probes_get_the_api_servers_timeout() -> None:
    """With the 0 that istioctl bakes, the agent's deadline is over before a gRPC probe begins: it always fails."""
    app = {
        "readinessProbe": {"grpc": {"port": 9090}},
        "livenessProbe": {"tcpSocket": {"port": 9090}, "timeoutSeconds": 3},
    }
    pod = injected(deployment(container=app), plain(NEWEST, compat=False))
    assert probers(pod)["/app-health/app/readyz"]["timeoutSeconds"] == 1
    assert probers(pod)["/app-health/app/livez"]["timeoutSeconds"] == 3
    assert container(pod, "app")["readinessProbe"]["timeoutSeconds"] == 1
    assert "timeoutSeconds" not in probers(injected(deployment(container=app), plain(NEWEST)))["/app-health/app/readyz"]


def test_ports_get_the_api_servers_protocol() -> None:
    app = {"ports": [{"containerPort": 80}, {"containerPort": 53, "protocol": "UDP"}]}
    pod = injected(deployment(container=app), plain(NEWEST, compat=False))
    assert [port["protocol"] for port in container(pod, "app")["ports"]] == ["TCP", "UDP"]
    assert '{"containerPort":80,"protocol":"TCP"}' in variable(pod, "ISTIO_META_POD_PORTS")
    assert '{"containerPort":80}' in variable(
        injected(deployment(container=app), plain(NEWEST)), "ISTIO_META_POD_PORTS"
    )


@pytest.mark.parametrize("namespace", ["kube-system", "kube-public", "kube-node-lease", "local-path-storage"])
def test_system_namespaces_pass_through(namespace: str) -> None:
    """istioctl looks at the template's namespace, which is empty, and injects there. One workload does not stop a file."""
    workload = deployment()
    workload["metadata"]["namespace"] = namespace
    ours = inject(workload, plain(NEWEST, compat=False))
    assert (ours.value, ours.changed) == (workload, False)
    assert [(problem.severity, "belongs to the system" in problem.message) for problem in ours.problems] == [
        ("info", True)
    ]
    assert inject(workload, plain(NEWEST)).changed
    pod = {**template(workload), "apiVersion": "v1", "kind": "Pod"}
    pod["metadata"] = {**pod["metadata"], "name": "p", "namespace": namespace}
    assert not inject(pod, plain(NEWEST)).changed
    workload["spec"]["template"]["metadata"]["labels"]["sidecar.istio.io/inject"] = "false"
    assert errors(inject(workload, plain(NEWEST, compat=False))) == []


@pytest.mark.parametrize(
    "place", [{"os": {"name": "windows"}}, {"nodeSelector": {"kubernetes.io/os": "windows"}}], ids=["os", "selector"]
)
def test_windows_pods_pass_through(place: dict[str, Any]) -> None:
    """The API server forbids the sidecar's Linux settings there; istioctl bakes them all the same."""
    ours = inject(deployment(**place), plain(NEWEST, compat=False))
    assert not ours.changed
    assert [problem.severity for problem in ours.problems] == ["info"]
    assert inject(deployment(**place), plain(NEWEST)).changed
    assert inject(deployment(os={"name": "linux"}, nodeSelector=None), plain(NEWEST, compat=False)).changed


def test_a_workload_without_a_namespace_is_in_default() -> None:
    """As with kubectl. The namespace that will be applied may be given, and is not written into the object."""
    workload = deployment()
    del workload["metadata"]["namespace"]
    ours = plain(NEWEST, compat=False)
    assert "/namespaces/default/" in variable(injected(workload, ours), "ISTIO_META_OWNER")
    given = inject(workload, ours, "books")
    assert "/namespaces/books/" in variable(template(given.value), "ISTIO_META_OWNER")
    assert "namespace" not in given.value["metadata"]
    assert "/namespaces/default/" in variable(injected(workload, plain(NEWEST)), "ISTIO_META_OWNER")


OWN_HANDLERS: list[dict[str, Any]] = [
    {"lifecycle": {"preStop": {"httpGet": {"path": "/drain", "port": 8080}}}},
    {"lifecycle": {"preStop": {"sleep": {"seconds": 5}}}},
    {"lifecycle": {"postStart": {"exec": {"command": ["true"]}}}},
    {"readinessProbe": {"exec": {"command": ["true"]}, "periodSeconds": 3}},
    {"startupProbe": {"tcpSocket": {"port": 15021}}},
]
KINDS = {"exec", "httpGet", "tcpSocket", "grpc", "sleep"}


@pytest.mark.parametrize("own", OWN_HANDLERS, ids=lambda own: "-".join(own))
@pytest.mark.parametrize("mode", ["native", "classic"])
@pytest.mark.parametrize("hold", [False, True])
def test_an_own_handler_replaces_the_templates(own: dict[str, Any], mode: str, hold: bool) -> None:
    """A hook or probe with two handlers is refused by the API server; the one that the author wrote is kept."""
    values = {"global": {"proxy": {"holdApplicationUntilProxyStarts": hold}}}
    settings = settings_from(values, release=NEWEST, sidecar_mode=mode)
    workload = deployment()
    workload["spec"]["template"]["spec"]["containers"].append({"name": "istio-proxy", "image": "auto", **own})
    once = inject(workload, settings).value
    proxy = container(template(once))
    hooks = [
        *(proxy.get("lifecycle") or {}).values(),
        *(proxy.get(name) for name in ("readinessProbe", "startupProbe")),
    ]
    assert all(len(KINDS & set(hook)) == 1 for hook in hooks)
    for key, value in own.items():
        assert {**proxy[key], **value} == proxy[key]
    assert inject(once, settings).value == once


def test_a_revision_names_the_control_plane_everywhere() -> None:
    """istioctl's flag sets the annotation alone; the addresses of the control plane come from its files."""
    ours = injected(deployment(), settings_from(release=NEWEST, revision="canary"))
    assert variable(ours, "CA_ADDR") == "istiod-canary.istio-system.svc:15012"
    assert json.loads(variable(ours, "PROXY_CONFIG")) == {"discoveryAddress": "istiod-canary.istio-system.svc:15012"}
    theirs = injected(deployment(), settings_from(release=NEWEST, revision="canary", compat=True))
    assert variable(theirs, "CA_ADDR") == "istiod.istio-system.svc:15012"
    assert variable(theirs, "PROXY_CONFIG") == "{}\n"
    remote = {"defaultConfig": {"discoveryAddress": "istiod.remote:15012"}}
    kept = injected(deployment(), settings_from({}, remote, release=NEWEST, revision="canary"))
    assert json.loads(variable(kept, "PROXY_CONFIG")) == {"discoveryAddress": "istiod.remote:15012"}


def test_interception_none_keeps_init_containers_in_old_releases_too() -> None:
    workload = deployment({"sidecar.istio.io/interceptionMode": "NONE"}, initContainers=[{"name": "setup"}])
    assert order(injected(workload, plain("1.24.6", compat=False)), "initContainers") == ["setup"]
    assert order(injected(workload, plain("1.24.6")), "initContainers") == []
