"""Values and mesh config: defaults, what goes over what, and what is refused."""

import json
from typing import Any

import pytest
from tests.injection.workloads import argument, container, deployment, injected, variable

from sailwright.mesh.values.proxy_config import DEFAULTS
from sailwright.render.injection.proxy_config import annotated, merged, proxy_config_text
from sailwright.render.injection.settings import settings_from
from sailwright.runtime.errors import Failure

NEWEST = "1.31.0"


def test_single_settings_go_over_the_values() -> None:
    values = {"pilot": {"cni": {"enabled": False}}, "global": {"network": "old", "proxy": {"clusterDomain": "old"}}}
    settings = settings_from(
        values, release=NEWEST, cni=True, cluster_domain="example", cluster_id="eu1", network="net-eu"
    )
    pod = injected(deployment(), settings)
    assert container(pod, "istio-validation")
    assert "$(POD_NAMESPACE).svc.example" in container(pod)["args"]
    assert variable(pod, "ISTIO_META_CLUSTER_ID") == "eu1"
    assert variable(pod, "ISTIO_META_NETWORK") == "net-eu"


def test_values_are_merged_over_the_charts_defaults() -> None:
    values = {"global": {"proxy": {"resources": {"requests": {"cpu": "10m"}}, "logLevel": "error"}}}
    proxy = container(injected(deployment(), settings_from(values, release=NEWEST)))
    assert proxy["resources"]["requests"] == {"cpu": "10m", "memory": "128Mi"}
    assert "--proxyLogLevel=error" in proxy["args"]
    assert "--proxyComponentLogLevel=misc:error" in proxy["args"]


def test_a_complete_document_of_the_injector_is_taken_at_its_word() -> None:
    """Helm leaves out what a null removed: there a missing limit is no limit."""
    resources = {"requests": {"cpu": "10m"}}
    values = {
        "global": {"istioNamespace": "istio-system", "proxy": {"resources": resources}},
        "sidecarInjectorWebhook": {},
    }
    assert container(injected(deployment(), settings_from(values, release=NEWEST)))["resources"] == resources


def test_another_namespace_of_istio() -> None:
    pod = injected(deployment(), settings_from({"global": {"istioNamespace": "mesh"}}, release=NEWEST))
    assert variable(pod, "CA_ADDR") == "istiod.mesh.svc:15012"


def test_ports_of_the_mesh_config() -> None:
    mesh = {"proxyListenPort": 25001, "proxyInboundListenPort": 25006, "trustDomain": "td.example"}
    pod = injected(deployment(), settings_from({}, mesh, release=NEWEST))
    assert (argument(pod, "-p"), argument(pod, "-z")) == (["25001"], ["25006"])
    assert variable(pod, "TRUST_DOMAIN") == variable(pod, "ISTIO_META_MESH_ID") == "td.example"


def test_a_mesh_with_localhost_traffic_asks_for_the_old_probes() -> None:
    mesh = {"inboundTrafficPolicy": {"mode": "LOCALHOST"}}
    pod = injected(deployment(), settings_from({}, mesh, release=NEWEST))
    assert container(pod)["env"][0] == {"name": "REWRITE_PROBE_LEGACY_LOCALHOST_DESTINATION", "value": "true"}


@pytest.mark.parametrize(
    ("values", "mesh", "words"),
    [
        ({"global": {"logAsJson": "yes"}}, {}, "global.logAsJson"),
        ({"global": {"proxy": {"statusPort": {}}}}, {}, "global.proxy.statusPort"),
        ({"global": {"imagePullSecrets": [{}]}}, {}, "global.imagePullSecrets"),
        ({"global": {"proxy": {"resources": 1}}}, {}, "global.proxy.resources"),
        ({}, {"defaultConfig": {"concurrency": "many"}}, "defaultConfig.concurrency"),
        ({}, {"defaultConfig": []}, "defaultConfig"),
        ({}, {"trustDomain": 7}, "trustDomain"),
        ({}, {"enablePrometheusMerge": "no"}, "enablePrometheusMerge"),
    ],
)
def test_a_wrong_type_is_refused_by_its_name(values: dict[str, Any], mesh: dict[str, Any], words: str) -> None:
    with pytest.raises(Failure, match=words) as failure:
        injected(deployment(), settings_from(values, mesh, release=NEWEST))
    assert failure.value.status == 2


@pytest.mark.parametrize("release", ["1.23.0", "2.0.0", "newest", "", "1"])
def test_unknown_releases_are_refused_with_the_known_ones(release: str) -> None:
    with pytest.raises(Failure, match=r"1\.24, 1\.25, .*1\.31") as failure:
        settings_from(release=release)
    assert failure.value.status == 2


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ({}, "{}"),
        ({"drainDuration": "23s"}, '{"drainDuration":"23s"}'),
        ({"drainDuration": "45s", "statusPort": 15020}, "{}"),
        ({"terminationDrainDuration": "1m30.5s"}, '{"terminationDrainDuration":"90.500s"}'),
        ({"concurrency": 0}, '{"concurrency":0}'),
        ({"tracing": {}}, '{"tracing":{}}'),
        ({"tracing": {"sampling": 10, "maxPathTagLength": 0}}, '{"tracing":{"sampling":10}}'),
        ({"interceptionMode": "TPROXY"}, '{"interceptionMode":"TPROXY"}'),
        ({"interceptionMode": 1}, '{"interceptionMode":"TPROXY"}'),
        ({"controlPlaneAuthPolicy": "NONE"}, "{}"),
        ({"tracingServiceName": "CANONICAL_NAME_ONLY"}, '{"tracingServiceName":"CANONICAL_NAME_ONLY"}'),
        (
            {"proxyMetadata": {"B": "<&>", "A": "\u00e9"}},
            '{"proxyMetadata":{"A":"\u00e9","B":"\\u003c\\u0026\\u003e"}}',
        ),
        ({"extraStatTags": ["b", "a"], "noSuchField": 1}, '{"extraStatTags":["b","a"]}'),
        ({"meshId": "m", "image": {"imageType": "debug"}}, '{"meshId":"m","image":{"imageType":"debug"}}'),
        ({"proxy_admin_port": "15001"}, '{"proxyAdminPort":15001}'),
        ({"holdApplicationUntilProxyStarts": False}, '{"holdApplicationUntilProxyStarts":false}'),
        ({"discoveryAddress": None}, "{}"),
    ],
)
def test_the_proxy_config_as_go_prints_it(given: dict[str, Any], text: str) -> None:
    """Fields in the order of the proto file, defaults and zeroes left out, metadata sorted, HTML escaped."""
    assert proxy_config_text(merged(DEFAULTS, given, "")) == text + "\n"


def test_an_annotation_replaces_fields_and_merges_metadata() -> None:
    mesh = merged(DEFAULTS, {"proxyMetadata": {"A": "1", "B": "1"}, "tracing": {"sampling": 5}}, "")
    config = annotated(mesh, "proxyMetadata: {B: '2'}\ntracing: {zipkin: {address: 'z:1'}}")
    assert json.loads(proxy_config_text(config)) == {
        "proxyMetadata": {"A": "1", "B": "2"},
        "tracing": {"zipkin": {"address": "z:1"}},
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("concurrency: many", "concurrency: a number is needed, not `many`"),
        ("concurrency: 2.5", "concurrency: an integer from"),
        ("statusPort: 99999999999", "statusPort: an integer from"),
        ("drainDuration: 10", "drainDuration: a duration like 10s is needed"),
        ("proxyMetadata: {A: 1}", "proxyMetadata.A: text is needed, not `1`: put it in quotes"),
        ("tracing: {zipkin: {address: [x]}}", "tracing.zipkin.address: text is needed, not a list"),
        ("interceptionMode: MAGIC", "interceptionMode: one of REDIRECT, TPROXY, NONE is needed"),
        ("extraStatTags: a", "extraStatTags: a list is needed"),
        ("- a", "a mapping is needed, not a list"),
        ("a: b: c", "not YAML"),
    ],
)
def test_a_wrong_proxy_config_is_refused_by_its_field(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=r".") as error:
        annotated(DEFAULTS, text)
    assert words in str(error.value)
