"""What the sidecar is: its image, resources, environment, and where it stands among the containers."""

import json

import pytest
from tests.injection.workloads import (
    LINES,
    annotations_of,
    argument,
    container,
    deployment,
    injected,
    labels_of,
    order,
    plain,
    variable,
)

from sailwright.render.injection.settings import settings_from

NEWEST = "1.31.0"


def test_a_classic_sidecar_stands_last_and_sets_up_redirection_after_the_users_init_containers() -> None:
    pod = injected(deployment(initContainers=[{"name": "setup"}]), plain(NEWEST))
    assert order(pod, "initContainers") == ["setup", "istio-init"]
    assert order(pod, "containers") == ["app", "istio-proxy"]


def test_a_native_sidecar_starts_before_the_users_init_containers() -> None:
    pod = injected(deployment(initContainers=[{"name": "setup"}]), plain(NEWEST, "native"))
    assert order(pod, "initContainers") == ["istio-init", "istio-proxy", "setup"]
    assert order(pod, "containers") == ["app"]


def test_a_classic_sidecar_stands_first_where_the_application_waits_for_it() -> None:
    hold = {"proxy.istio.io/config": "holdApplicationUntilProxyStarts: true"}
    pod = injected(deployment(hold), plain(NEWEST))
    assert order(pod, "containers") == ["istio-proxy", "app"]
    assert container(pod)["lifecycle"] == {"postStart": {"exec": {"command": ["pilot-agent", "wait"]}}}
    assert injected(deployment(hold), plain(NEWEST, "native"))["spec"]["containers"][0]["name"] == "app"


def test_under_cni_the_redirection_is_only_checked() -> None:
    settings = settings_from({"pilot": {"cni": {"enabled": True}}}, release=NEWEST, compat=True)
    pod = injected(deployment(initContainers=[{"name": "setup"}]), settings)
    assert order(pod, "initContainers") == ["istio-validation", "setup"]
    check = container(pod, "istio-validation")
    assert check["args"][-2:] == ["--run-validation", "--skip-rule-apply"]
    assert check["securityContext"]["runAsUser"] == 1337
    assert check["securityContext"]["capabilities"] == {"drop": ["ALL"]}


@pytest.mark.parametrize(
    ("values", "annotations", "image"),
    [
        ({}, {}, "registry.istio.io/release/proxyv2:1.30.3"),
        ({"hub": "example.com/istio", "tag": "7"}, {}, "example.com/istio/proxyv2:7"),
        ({"tag": 7}, {}, "registry.istio.io/release/proxyv2:7"),
        ({"proxy": {"image": "envoy"}}, {}, "registry.istio.io/release/envoy:1.30.3"),
        ({"proxy": {"image": "example.com/own:1"}}, {}, "example.com/own:1"),
        ({"variant": "distroless"}, {}, "registry.istio.io/release/proxyv2:1.30.3-distroless"),
        ({}, {"sidecar.istio.io/proxyImage": "example.com/own:2"}, "example.com/own:2"),
        ({}, {"sidecar.istio.io/proxyImage": "bare"}, "registry.istio.io/release/proxyv2:1.30.3"),
        ({}, {"sidecar.istio.io/proxyImageType": "debug"}, "registry.istio.io/release/proxyv2:1.30.3-debug"),
        (
            {"tag": "1.30.3-distroless"},
            {"sidecar.istio.io/proxyImageType": "debug"},
            "registry.istio.io/release/proxyv2:1.30.3-debug",
        ),
        (
            {"tag": "1.30.3-distroless"},
            {"sidecar.istio.io/proxyImageType": "default"},
            "registry.istio.io/release/proxyv2:1.30.3",
        ),
    ],
)
def test_the_image(values: dict[str, object], annotations: dict[str, str], image: str) -> None:
    pod = injected(deployment(annotations), settings_from({"global": values}, release="1.30.3"))
    assert container(pod)["image"] == image


def test_the_proxy_config_names_the_image_type_of_the_sidecar_alone() -> None:
    """Since 1.31 istio-init has an image of its own, which the ProxyConfig does not reach."""
    settings = settings_from({}, {"defaultConfig": {"image": {"imageType": "debug"}}}, release=NEWEST)
    pod = injected(deployment(), settings)
    assert container(pod)["image"].endswith(":1.31.0-debug")
    assert container(pod, "istio-init")["image"].endswith(":1.31.0")


def test_one_resource_annotation_discards_all_defaults() -> None:
    pod = injected(deployment({"sidecar.istio.io/proxyMemoryLimit": "1024Mi"}), plain(NEWEST))
    for name in ("istio-init", "istio-proxy"):
        assert container(pod, name)["resources"] == {"limits": {"memory": "1Gi"}}


def test_mode_tproxy_needs_a_root_sidecar() -> None:
    pod = injected(deployment({"sidecar.istio.io/interceptionMode": "TPROXY"}), plain(NEWEST))
    context = container(pod)["securityContext"]
    assert (context["runAsUser"], context["runAsGroup"], context["runAsNonRoot"]) == (0, 1337, False)
    assert context["capabilities"]["add"] == ["NET_ADMIN"]
    assert argument(pod, "-m") == ["TPROXY"]
    assert variable(pod, "ISTIO_META_INTERCEPTION_MODE") == "TPROXY"


def test_tracing_of_iptables_makes_the_sidecar_privileged() -> None:
    config = "proxyMetadata: {IPTABLES_TRACE_LOGGING: 'true'}"
    context = container(injected(deployment({"proxy.istio.io/config": config}), plain(NEWEST)))["securityContext"]
    assert context["privileged"] is True
    assert context["runAsUser"] == 0


def test_binding_low_ports_needs_root_and_a_capability() -> None:
    context = container(injected(deployment({"sidecar.istio.io/capNetBindService": "true"}), plain(NEWEST)))
    assert context["securityContext"]["capabilities"]["add"] == ["NET_BIND_SERVICE"]
    assert context["securityContext"]["runAsUser"] == 0


@pytest.mark.parametrize(
    ("annotations", "ports"),
    [
        ({}, "15090,15021,15020"),
        ({"status.sidecar.istio.io/port": "15022"}, "15090,15021,15022"),
        ({"status.sidecar.istio.io/port": "0"}, "15090,15021"),
        ({"traffic.sidecar.istio.io/excludeInboundPorts": "80, 81"}, "15090,15021,80,81,15020"),
        ({"traffic.sidecar.istio.io/excludeInboundPorts": "15020,81"}, "15090,15021,15020,81"),
    ],
)
def test_ports_that_are_not_redirected(annotations: dict[str, str], ports: str) -> None:
    assert argument(injected(deployment(annotations), plain(NEWEST)), "-d") == [ports]


def test_an_annotation_that_is_there_but_empty_counts_as_set() -> None:
    pod = injected(
        deployment(
            {
                "traffic.sidecar.istio.io/includeOutboundIPRanges": "",
                "traffic.sidecar.istio.io/includeOutboundPorts": "",
            }
        ),
        plain(NEWEST),
    )
    assert argument(pod, "-i") == [""]
    assert argument(pod, "-q") == [""]
    assert argument(pod, "-o") == []


def test_a_status_port_of_zero_drops_the_sidecars_own_probes() -> None:
    proxy = container(injected(deployment({"status.sidecar.istio.io/port": "0"}), plain(NEWEST)))
    assert "readinessProbe" not in proxy
    assert "startupProbe" not in proxy


def test_pod_ports_are_json_one_port_a_line() -> None:
    ports = [{"containerPort": 80, "name": "http"}, {"hostPort": 30, "containerPort": 81, "protocol": "UDP"}]
    pod = injected(deployment(container={"ports": ports}), plain(NEWEST))
    lines = [
        "[",
        '    {"name":"http","containerPort":80}',
        '    ,{"hostPort":30,"containerPort":81,"protocol":"UDP"}',
        "]",
    ]
    assert variable(pod, "ISTIO_META_POD_PORTS") == "\n".join(lines)
    assert variable(injected(deployment(), plain(NEWEST)), "ISTIO_META_POD_PORTS") == "[\n]"


def test_cluster_and_network_come_from_the_values_and_the_label() -> None:
    values = {"global": {"multiCluster": {"clusterName": "eu1"}, "network": "net-eu"}}
    settings = settings_from(values, release=NEWEST)
    pod = injected(deployment(), settings)
    assert variable(pod, "ISTIO_META_CLUSTER_ID") == "eu1"
    assert variable(pod, "ISTIO_META_NETWORK") == labels_of(pod)["topology.istio.io/network"] == "net-eu"
    own = injected(deployment(labels={"topology.istio.io/network": "own"}), settings)
    assert variable(own, "ISTIO_META_NETWORK") == "own"
    assert variable(injected(deployment(), plain(NEWEST)), "ISTIO_META_CLUSTER_ID") == "Kubernetes"


def test_datadog_variables_come_from_its_annotation() -> None:
    settings = settings_from({"global": {"proxy": {"tracer": "datadog"}}}, release=NEWEST)
    pod = injected(deployment({"apm.datadoghq.com/env": '{"DD_ENV":"prod","DD_AGE":"3"}'}), settings)
    assert variable(pod, "DD_ENV") == "prod"
    assert [entry["name"] for entry in container(pod)["env"]].index("DD_AGE") > 0


def test_user_volumes_and_mounts_follow_istios() -> None:
    pod = injected(
        deployment(
            {
                "sidecar.istio.io/userVolume": '{"b":{"emptyDir":{}},"a":{"secret":{"secretName":"s"}}}',
                "sidecar.istio.io/userVolumeMount": '{"a":{"mountPath":"/a","readOnly":true}}',
            },
            volumes=[{"name": "own", "emptyDir": {}}],
        ),
        plain(NEWEST),
    )
    assert order(pod, "volumes")[-3:] == ["a", "b", "own"]
    assert container(pod)["volumeMounts"][-1] == {"name": "a", "mountPath": "/a", "readOnly": True}


def test_user_volumes_and_mounts_can_be_lists() -> None:
    """The template ranges over maps and lists; an item without a name is named by its place, an inner name wins."""
    lists = {
        "sidecar.istio.io/userVolume": '[{"name":"certs","emptyDir":{"medium":"Memory"}},{"emptyDir":{}}]',
        "sidecar.istio.io/userVolumeMount": '[{"name":"certs","mountPath":"/etc/certs"}]',
    }
    pod = injected(deployment(lists), plain(NEWEST))
    assert pod["spec"]["volumes"][-2:] == [
        {"name": "certs", "emptyDir": {"medium": "Memory"}},
        {"name": "1", "emptyDir": {}},
    ]
    assert container(pod)["volumeMounts"][-1] == {"name": "certs", "mountPath": "/etc/certs"}


def test_identity_labels_have_a_chain_of_sources() -> None:
    wanted = {"app.kubernetes.io/name": "shop", "app.kubernetes.io/version": "2", "version": "v1"}
    found = labels_of(injected(deployment(labels=wanted), plain(NEWEST)))
    assert found["service.istio.io/canonical-name"] == "shop"
    assert found["service.istio.io/canonical-revision"] == "2"
    assert found["security.istio.io/tlsMode"] == "istio"
    plainly = labels_of(injected(deployment(), plain(NEWEST)))
    assert plainly["service.istio.io/canonical-name"] == "reviews"
    assert plainly["service.istio.io/canonical-revision"] == "latest"


def test_hbone_is_announced_by_a_label() -> None:
    config = "proxyMetadata: {ISTIO_META_ENABLE_HBONE: 'true'}"
    assert (
        labels_of(injected(deployment({"proxy.istio.io/config": config}), plain(NEWEST)))["networking.istio.io/tunnel"]
        == "http"
    )


@pytest.mark.parametrize(
    ("existing", "networks"),
    [
        (None, "default/istio-cni"),
        ("macvlan", "macvlan, default/istio-cni"),
        ("macvlan, default/istio-cni", "macvlan, default/istio-cni"),
        ("macvlan,kube-system/default/istio-cni-2", "macvlan,kube-system/default/istio-cni-2, default/istio-cni"),
        ('[{"name": "macvlan"}]', '[{"name": "macvlan"}, {"name": "istio-cni", "namespace": "default"}]'),
        ('[{"name":"istio-cni","namespace":"default"}]', '[{"name":"istio-cni","namespace":"default"}]'),
        ('[{"name": "macvlan"]', '[{"name": "macvlan"]'),
    ],
)
def test_multus_gets_istios_network(existing: str | None, networks: str) -> None:
    settings = settings_from({"pilot": {"cni": {"enabled": True, "provider": "multus"}}}, release=NEWEST)
    given = {} if existing is None else {"k8s.v1.cni.cncf.io/networks": existing}
    assert annotations_of(injected(deployment(given), settings))["k8s.v1.cni.cncf.io/networks"] == networks


@pytest.mark.parametrize("release", LINES)
def test_google_certificates_have_a_volume_of_their_own(release: str) -> None:
    pod = injected(deployment(), settings_from({"global": {"caName": "GkeWorkloadCertificate"}}, release=release))
    mount = next(m for m in container(pod)["volumeMounts"] if m["name"] == "gke-workload-certificate")
    assert mount["mountPath"] == "/var/run/secrets/workload-spiffe-credentials"
    assert mount["readOnly"] is True
    volume = next(v for v in pod["spec"]["volumes"] if v["name"] == "gke-workload-certificate")
    assert volume["csi"] == {"driver": "workloadcertificates.security.cloud.google.com"}
    assert "workload-certs" not in order(pod, "volumes")


@pytest.mark.parametrize("release", LINES)
def test_lightstep_brings_its_certificates(release: str) -> None:
    tracing = {"tlsSettings": {"mode": "SIMPLE", "caCertificates": "/etc/lightstep/ca.pem"}}
    values = {"global": {"proxy": {"tracer": "lightstep"}}}
    pod = injected(deployment(), settings_from(values, {"defaultConfig": {"tracing": tracing}}, release=release))
    assert container(pod)["volumeMounts"][-1] == {
        "mountPath": "/etc/lightstep/",
        "name": "lightstep-certs",
        "readOnly": True,
    }
    volume = next(v for v in pod["spec"]["volumes"] if v["name"] == "lightstep-certs")
    assert volume["secret"] == {"optional": True, "secretName": "lightstep.cacert"}
    plainly = injected(deployment(), settings_from(values, release=release))
    assert "lightstep-certs" not in order(plainly, "volumes")


def test_a_trust_domain_in_the_values_counts_where_the_mesh_has_none() -> None:
    values = {"global": {"trustDomain": "example.com"}}
    for mesh, domain in (({"trustDomain": ""}, "example.com"), ({}, "cluster.local")):
        assert variable(injected(deployment(), settings_from(values, mesh, release=NEWEST)), "TRUST_DOMAIN") == domain


def test_a_revision_is_marked_on_the_pod() -> None:
    settings = settings_from({}, release=NEWEST, revision="canary", compat=True)
    found = annotations_of(injected(deployment(), settings))
    assert found["istio.io/rev"] == "canary"
    assert json.loads(found["sidecar.istio.io/status"])["revision"] == "canary"
