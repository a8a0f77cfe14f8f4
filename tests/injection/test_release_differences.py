"""What one release's injector does and another's does not: each fact of the table, on both sides of its border."""

import json
from typing import Any

import pytest
import yaml
from tests.injection.workloads import (
    LINES,
    annotations_of,
    argument,
    container,
    deployment,
    errors,
    injected,
    labels_of,
    order,
    plain,
    probers,
    variable,
)

from sailwright.render.injection.inject import inject
from sailwright.render.injection.settings import settings_from

HTTP_HOOK = {"lifecycle": {"preStop": {"httpGet": {"path": "/bye", "port": 8080}}}}
INTERFACES = {
    "istio.io/reroute-virtual-interfaces": "net1",
    "traffic.sidecar.istio.io/kubevirtInterfaces": "net0",
}


@pytest.mark.parametrize(("release", "path"), [("1.24.6", "/bye"), ("1.25.0", "/app-lifecycle/app/prestopz")])
def test_lifecycle_hooks_go_through_the_agent_since_1_25(release: str, path: str) -> None:
    pod = injected(deployment(container=HTTP_HOOK), plain(release))
    assert container(pod, "app")["lifecycle"]["preStop"]["httpGet"]["path"] == path
    assert (probers(pod) is None) == (release == "1.24.6")


@pytest.mark.parametrize(("release", "name"), [("1.24.6", "reviews"), ("1.25.0", "checkout")])
def test_a_label_names_the_workload_since_1_25(release: str, name: str) -> None:
    pod = injected(deployment(labels={"service.istio.io/workload-name": "checkout"}), plain(release))
    assert variable(pod, "ISTIO_META_WORKLOAD_NAME") == name
    assert variable(pod, "ISTIO_META_OWNER") == "kubernetes://apis/apps/v1/namespaces/shop/deployments/reviews"


@pytest.mark.parametrize(("release", "refused"), [("1.24.6", True), ("1.25.0", False)])
def test_the_core_dump_annotation_is_not_read_any_more_since_1_25(release: str, refused: bool) -> None:
    assert bool(errors(inject(deployment({"sidecar.istio.io/enableCoreDump": "maybe"}), plain(release)))) == refused


@pytest.mark.parametrize(
    ("release", "interfaces"),
    [
        ("1.24.6", ["net0"]),
        ("1.25.0", ["net0", "net1"]),
        ("1.25.5", ["net0", "net1"]),
        ("1.26.4", ["net0", "net1"]),
        ("1.26.5", ["net1"]),
        ("1.27.0", ["net0", "net1"]),
        ("1.27.1", ["net0", "net1"]),
        ("1.27.2", ["net1"]),
        ("1.28.0", ["net1"]),
        ("1.31.0", ["net1"]),
    ],
)
def test_rerouted_interfaces_replace_kubevirt_ones_patch_by_patch(release: str, interfaces: list[str]) -> None:
    assert argument(injected(deployment(INTERFACES), plain(release)), "-k") == interfaces


@pytest.mark.parametrize(("release", "written"), [("1.24.6", False), ("1.25.0", True)])
def test_the_cni_plugin_is_always_told_the_inbound_ports_since_1_25(release: str, written: bool) -> None:
    settings = settings_from({"pilot": {"cni": {"enabled": True}}}, release=release, compat=True)
    pod = injected(deployment({"traffic.sidecar.istio.io/includeInboundPorts": ""} if written else {}), settings)
    assert annotations_of(pod)["traffic.sidecar.istio.io/includeInboundPorts"] == ("" if written else "*")
    empty = settings_from(
        {"pilot": {"cni": {"enabled": True}}, "global": {"proxy": {"includeInboundPorts": ""}}},
        release=release,
        compat=True,
    )
    assert ("traffic.sidecar.istio.io/includeInboundPorts" in annotations_of(injected(deployment(), empty))) == written


@pytest.mark.parametrize(("release", "survive"), [("1.24.6", False), ("1.25.5", False), ("1.26.0", True)])
def test_interception_none_wiped_init_containers_before_1_26(release: str, survive: bool) -> None:
    workload = deployment({"sidecar.istio.io/interceptionMode": "NONE"}, initContainers=[{"name": "setup"}])
    assert order(injected(workload, plain(release)), "initContainers") == (["setup"] if survive else [])
    assert order(injected(workload, plain(release, compat=False)), "initContainers") == ["setup"]


@pytest.mark.parametrize(("release", "bundled"), [("1.25.5", False), ("1.26.0", True), ("1.31.0", True)])
def test_a_cluster_trust_bundle_can_bring_the_root_certificate_since_1_26(release: str, bundled: bool) -> None:
    values = {"pilot": {"env": {"ENABLE_CLUSTER_TRUST_BUNDLE_API": True}}}
    pod = injected(deployment(), settings_from(values, release=release, compat=True))
    volume = _volume(pod, "istiod-ca-cert")
    if bundled:
        source = volume["projected"]["sources"][0]["clusterTrustBundle"]
        assert source == {"name": "istio.io:istiod-ca:root-cert", "path": "root-cert.pem"}
    else:
        assert volume["configMap"] == {"name": "istio-ca-root-cert"}


@pytest.mark.parametrize(("release", "name"), [("1.26.8", "root-cert"), ("1.27.0", "our-root"), ("1.31.0", "our-root")])
def test_a_cluster_trust_bundle_can_have_another_name_since_1_27(release: str, name: str) -> None:
    values = {"pilot": {"env": {"ENABLE_CLUSTER_TRUST_BUNDLE_API": True}}, "global": {"trustBundleName": "our-root"}}
    volume = _volume(injected(deployment(), settings_from(values, release=release)), "istiod-ca-cert")
    assert volume["projected"]["sources"][0]["clusterTrustBundle"]["name"] == f"istio.io:istiod-ca:{name}"


def _volume(pod: dict[str, Any], name: str) -> dict[str, Any]:
    return next(volume for volume in pod["spec"]["volumes"] if volume["name"] == name)


@pytest.mark.parametrize(("release", "name"), [("1.26.8", "istio-ca-root-cert"), ("1.27.0", "our-root")])
def test_the_root_certificate_can_have_another_name_since_1_27(release: str, name: str) -> None:
    pod = injected(deployment(), settings_from({"global": {"trustBundleName": "our-root"}}, release=release))
    volume = _volume(pod, "istiod-ca-cert")
    assert volume["configMap"]["name"] == name


@pytest.mark.parametrize(
    ("release", "value", "native"),
    [
        ("1.24.6", "true", True),
        ("1.26.8", "perhaps", False),
        ("1.26.8", "false", False),
        ("1.27.0", "perhaps", True),
        ("1.27.0", "false", False),
        ("1.31.0", "true", True),
    ],
)
def test_the_native_annotation(release: str, value: str, native: bool) -> None:
    """Before 1.27 only `true` made a sidecar native, since then everything but `false` does; both beat the default."""
    workload = deployment({"sidecar.istio.io/nativeSidecar": value})
    for mode in ("native", "classic"):
        pod = injected(workload, plain(release, mode))
        assert ("istio-proxy" in order(pod, "initContainers")) == native


@pytest.mark.parametrize(("release", "native"), [("1.26.8", False), ("1.27.0", True)])
def test_an_empty_native_annotation_counted_before_1_27(release: str, native: bool) -> None:
    pod = injected(deployment({"sidecar.istio.io/nativeSidecar": ""}), plain(release, "native"))
    assert ("istio-proxy" in order(pod, "initContainers")) == native


@pytest.mark.parametrize("release", ["1.27.0", "1.31.0"])
def test_another_certificate_authority_leaves_the_volume_of_the_revocation_list(release: str) -> None:
    pod = injected(deployment(), settings_from({"global": {"pilotCertProvider": "kubernetes"}}, release=release))
    assert "istio-ca-crl" in order(pod, "volumes")
    assert "istio-ca-crl" not in [mount["name"] for mount in container(pod)["volumeMounts"]]


@pytest.mark.parametrize(("release", "there"), [("1.26.8", False), ("1.27.0", True), ("1.31.0", True)])
def test_the_revocation_list_is_mounted_since_1_27(release: str, there: bool) -> None:
    pod = injected(deployment(), plain(release))
    assert ("istio-ca-crl" in order(pod, "volumes")) == there
    mounts = [mount["mountPath"] for mount in container(pod)["volumeMounts"]]
    assert ("/var/run/secrets/istio/crl" in mounts) == there


@pytest.mark.parametrize(("release", "name"), [("1.28.10", "istio-ca-crl"), ("1.29.0", "our-crl")])
def test_the_revocation_list_can_have_another_name_since_1_29(release: str, name: str) -> None:
    pod = injected(deployment(), settings_from({"pilot": {"crlConfigMapName": "our-crl"}}, release=release))
    volume = _volume(pod, "istio-ca-crl")
    assert volume["configMap"] == {"name": name, "optional": True}


@pytest.mark.parametrize(("release", "there"), [("1.26.8", False), ("1.27.0", True)])
def test_native_nftables_is_an_argument_since_1_27(release: str, there: bool) -> None:
    pod = injected(deployment(), settings_from({"global": {"nativeNftables": True}}, release=release))
    assert ("--native-nftables" in container(pod, "istio-init")["args"]) == there


@pytest.mark.parametrize(
    ("release", "value", "skipped"),
    [
        ("1.26.8", "no", True),
        ("1.26.8", "Yes", False),
        ("1.26.8", "whatever", True),
        ("1.27.0", "no", False),
        ("1.27.0", "false", True),
        ("1.31.0", "False", False),
    ],
)
def test_the_inject_label_is_strict_since_1_27(release: str, value: str, skipped: bool) -> None:
    result = inject(deployment(labels={"sidecar.istio.io/inject": value}), plain(release))
    assert result.changed != skipped
    odd = [problem for problem in result.problems if problem.severity == "warning"]
    assert bool(odd) == (release != "1.26.8" and not skipped)


@pytest.mark.parametrize(("release", "there"), [("1.27.9", False), ("1.28.0", True), ("1.31.0", True)])
def test_the_seccomp_profile_of_the_values_counts_since_1_28(release: str, there: bool) -> None:
    profile = {"type": "RuntimeDefault"}
    settings = settings_from({"global": {"proxy": {"seccompProfile": profile}}}, release=release)
    pod = injected(deployment(), settings)
    for name in ("istio-init", "istio-proxy"):
        assert container(pod, name)["securityContext"].get("seccompProfile") == (profile if there else None)


@pytest.mark.parametrize(("release", "divisor"), [("1.24.6", "0"), ("1.28.10", "0"), ("1.29.0", "1"), ("1.31.0", "1")])
def test_resource_references_name_their_divisor_since_1_29(release: str, divisor: str) -> None:
    pod = injected(deployment(), plain(release))
    for name in ("ISTIO_CPU_LIMIT", "GOMEMLIMIT", "GOMAXPROCS"):
        assert variable(pod, name)["resourceFieldRef"]["divisor"] == divisor


@pytest.mark.parametrize(
    ("release", "refused"),
    [
        ("1.26.8", False),
        ("1.27.5", False),
        ("1.27.6", True),
        ("1.28.3", False),
        ("1.28.4", True),
        ("1.29.0", True),
        ("1.31.0", True),
    ],
)
def test_resource_annotations_are_checked_patch_by_patch(release: str, refused: bool) -> None:
    result = inject(deployment({"sidecar.istio.io/proxyCPU": "lots"}), plain(release))
    assert bool(errors(result)) == refused


@pytest.mark.parametrize(
    ("release", "cpu"),
    [("1.27.9", "0"), ("1.28.5", "0"), ("1.28.6", None), ("1.29.0", "0"), ("1.29.1", None), ("1.30.0", None)],
)
def test_null_in_the_values_removes_a_resource_patch_by_patch(release: str, cpu: str | None) -> None:
    values = {"global": {"proxy": {"resources": {"limits": {"cpu": None, "memory": "1Gi"}}}}}
    pod = injected(deployment(), settings_from(values, release=release))
    assert container(pod)["resources"]["limits"].get("cpu") == cpu


@pytest.mark.parametrize(
    ("release", "hub"),
    [("1.24.6", "docker.io/istio"), ("1.29.6", "docker.io/istio"), ("1.30.3", "registry.istio.io/release")],
)
def test_images_come_from_the_hub_of_the_line(release: str, hub: str) -> None:
    assert container(injected(deployment(), plain(release)))["image"] == f"{hub}/proxyv2:{release}"


@pytest.mark.parametrize(("release", "refused"), [("1.29.6", False), ("1.30.0", True)])
def test_interface_names_are_checked_since_1_30(release: str, refused: bool) -> None:
    for name in ("istio.io/reroute-virtual-interfaces", "traffic.sidecar.istio.io/excludeInterfaces"):
        assert bool(errors(inject(deployment({name: "a b;c"}), plain(release)))) == refused


@pytest.mark.parametrize(("release", "there"), [("1.29.6", False), ("1.30.0", True)])
def test_opentelemetry_attributes_since_1_30(release: str, there: bool) -> None:
    provider = {"name": "otel", "opentelemetry": {"serviceAttributeEnrichment": "OTEL_SEMANTIC_CONVENTIONS"}}
    settings = settings_from({}, {"extensionProviders": [provider]}, release=release)
    pod = injected(deployment({"resource.opentelemetry.io/service.namespace": "books"}), settings)
    text = "service.namespace=books,service.version=1,service.instance.id=shop.$(POD_NAME).app"
    assert variable(pod, "OTEL_RESOURCE_ATTRIBUTES") == (text if there else None)


@pytest.mark.parametrize(
    ("release", "image"), [("1.30.3", "example.com/proxyv2:1"), ("1.31.0", "example.com/iptables:1")]
)
def test_the_init_container_has_an_image_of_its_own_since_1_31(release: str, image: str) -> None:
    values = {"global": {"hub": "example.com", "tag": "1", "proxy_init": {"image": "iptables"}}}
    pod = injected(deployment(), settings_from(values, release=release))
    assert container(pod, "istio-init")["image"] == image
    assert container(pod)["image"] == "example.com/proxyv2:1"


@pytest.mark.parametrize(("release", "name"), [("1.30.3", "a-_"), ("1.31.0", "a")])
def test_canonical_names_are_trimmed_since_1_31(release: str, name: str) -> None:
    long = "x" * 61 + "-._tail"
    assert labels_of(injected(deployment(labels={"app": "a-_-"}), plain(release)))[CANONICAL] == name
    cut = labels_of(injected(deployment(labels={"app": long}), plain(release)))[CANONICAL]
    assert cut == ("x" * 61 if release == "1.31.0" else "x" * 61 + "-.")


CANONICAL = "service.istio.io/canonical-name"


@pytest.mark.parametrize(("release", "there"), [("1.30.3", False), ("1.31.0", True)])
def test_several_scrape_targets_since_1_31(release: str, there: bool) -> None:
    pod = injected(deployment({"prometheus.istio.io/scrape-targets": "8080:/metrics, 9100"}), plain(release))
    text = variable(pod, "ISTIO_PROMETHEUS_ANNOTATIONS")
    assert (text is not None) == there
    assert ("prometheus.istio.io/scrape-targets" in annotations_of(pod)) != there
    if there:
        assert json.loads(text) == {
            "scrape": "",
            "path": "/metrics",
            "port": "8080",
            "targets": [{"port": "8080", "path": "/metrics"}, {"port": "9100", "path": "/metrics"}],
        }


@pytest.mark.parametrize("target", ["http", "0", "70000", "15020:/metrics", "015090", ":", ":/x", "9100,15006:/x"])
def test_scrape_targets_may_not_be_the_sidecars_ports(target: str) -> None:
    workload = deployment({"prometheus.istio.io/scrape-targets": target})
    assert errors(inject(workload, plain("1.31.0")))
    assert not errors(inject(workload, plain("1.30.3")))
    unscraped = deployment({"prometheus.istio.io/scrape-targets": target, "prometheus.istio.io/merge-metrics": "false"})
    assert not errors(inject(unscraped, plain("1.31.0")))


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"prometheus.io/port": "15090"}, True),
        ({"prometheus.io.port": "15000"}, True),
        ({"prometheus.io/port": "15020"}, False),  # it already sends Prometheus to the agent
        ({"prometheus.io/port": "15090", "prometheus.io/scrape": "false"}, False),
        ({"prometheus.io/port": "15090", "prometheus.istio.io/scrape-targets": "9100"}, False),
    ],
)
def test_a_scraped_port_may_not_be_the_sidecars_since_1_31(given: dict[str, str], refused: bool) -> None:
    assert bool(errors(inject(deployment(given), plain("1.31.0")))) == refused
    assert not errors(inject(deployment(given), plain("1.30.3")))


@pytest.mark.parametrize(
    ("config", "older", "newer"),
    [
        ("fileFlushInterval: 5s", "1.28.10", "1.29.0"),
        ("fileFlushMinSizeKb: 128", "1.28.10", "1.29.0"),
        ("statsCompression: false", "1.28.10", "1.29.0"),
        ("connectionSettings: {httpIdleTimeout: 5s}", "1.30.3", "1.31.0"),
        ("proxyHeaders: {xForwardedHost: {enabled: true}}", "1.27.9", "1.28.0"),
    ],
)
def test_fields_of_the_proxy_config_that_came_later(config: str, older: str, newer: str) -> None:
    """A release takes no notice of what it does not know, in the annotation as in the mesh's config."""
    workload, mesh = deployment({"proxy.istio.io/config": config}), {"defaultConfig": yaml.safe_load(config)}
    field = config.partition(":")[0]
    unknown: dict[str, object] = {"proxyHeaders": {}} if field == "proxyHeaders" else {}
    for pod in injected(workload, plain(older)), injected(deployment(), settings_from({}, mesh, release=older)):
        assert json.loads(str(variable(pod, "PROXY_CONFIG"))) == unknown
    for pod in injected(workload, plain(newer)), injected(deployment(), settings_from({}, mesh, release=newer)):
        assert json.loads(str(variable(pod, "PROXY_CONFIG"))) == mesh["defaultConfig"]


@pytest.mark.parametrize(("release", "there"), [("1.30.3", False), ("1.31.0", True)])
def test_the_secure_metrics_port_is_announced_since_1_31(release: str, there: bool) -> None:
    config = "proxyMetadata: {ENVOY_SECURE_MERGED_METRICS_PORT: '15092'}"
    pod = injected(deployment({"proxy.istio.io/config": config}), plain(release))
    assert annotations_of(pod).get("prometheus.istio.io/secure-port") == ("15092" if there else None)


@pytest.mark.parametrize(("release", "there"), [("1.30.3", False), ("1.31.0", True)])
def test_fips_140_3_brings_a_go_setting_since_1_31(release: str, there: bool) -> None:
    settings = settings_from({"pilot": {"env": {"COMPLIANCE_POLICY": "fips-140-3"}}}, release=release)
    pod = injected(deployment(), settings)
    assert variable(pod, "COMPLIANCE_POLICY") == "fips-140-3"
    assert variable(pod, "GODEBUG") == ("fips140=only" if there else None)


@pytest.mark.parametrize("release", LINES)
@pytest.mark.parametrize("mode", ["native", "classic"])
def test_every_line_injects_the_plain_case(release: str, mode: str) -> None:
    """The parts that no release changed."""
    pod: dict[str, Any] = injected(deployment(), plain(release, mode))
    proxy = container(pod)
    assert proxy["args"][:4] == ["proxy", "sidecar", "--domain", "$(POD_NAMESPACE).svc.cluster.local"]
    assert proxy["resources"] == {
        "limits": {"cpu": "2", "memory": "1Gi"},
        "requests": {"cpu": "100m", "memory": "128Mi"},
    }
    assert variable(pod, "PROXY_CONFIG") == "{}\n"
    status = json.loads(annotations_of(pod)["sidecar.istio.io/status"])
    assert list(status) == ["initContainers", "containers", "volumes", "imagePullSecrets", "revision"]
    assert status["containers"] == (None if mode == "native" else ["istio-proxy"])
    assert proxy.get("restartPolicy") == ("Always" if mode == "native" else None)


def test_patches_of_one_line_can_differ_from_those_of_the_next() -> None:
    """1.27.1 is newer than 1.26.5, but has not got what 1.26.5 got."""
    older, newer = injected(deployment(INTERFACES), plain("1.26.5")), injected(deployment(INTERFACES), plain("1.27.1"))
    assert argument(older, "-k") == ["net1"]
    assert argument(newer, "-k") == ["net0", "net1"]
