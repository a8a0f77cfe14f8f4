"""Which annotation values are refused, each with a sentence that says why."""

import pytest
import yaml
from tests.injection.workloads import container, deployment, errors, injected, plain

from sailwright.render.injection.inject import inject
from sailwright.render.injection.settings import settings_from
from sailwright.runtime.errors import Failure

NEWEST = "1.31.0"
TRAFFIC = "traffic.sidecar.istio.io"

REFUSED_CONFIGS = (
    "statusPort: 0",
    "statusPort: 70000",
    "proxyAdminPort: 0",
    "configPath: ''",
    "serviceCluster: ''",
    "drainDuration: 0s",
    "drainDuration: 1500ms",
    "drainDuration: -5s",
    "discoveryAddress: ''",
    "discoveryAddress: istiod",
    "discoveryAddress: istiod:0",
    "discoveryAddress: 'istiod:x'",
    "discoveryAddress: 'is_tiod:15012'",
    "discoveryAddress: '10.0.0:15012'",
    "discoveryAddress: 'fd00::1:15012'",
    "statsdUdpAddress: nowhere",
    "envoyAccessLogService: {address: nowhere}",
    "controlPlaneAuthPolicy: INHERIT",
    "tracing: {zipkin: {}}",
    "tracing: {lightstep: {address: 'collector:443'}}",
    "tracing: {tlsSettings: {mode: MUTUAL, privateKey: /key}}",
    "tracing: {tlsSettings: {mode: SIMPLE, credentialName: x, caCertificates: /ca}}",
    "tracing: {tlsSettings: {mode: SIMPLE, insecureSkipVerify: true, caCertificates: /ca}}",
    "privateKeyProvider: {}",
    "privateKeyProvider: {qat: {pollDelay: 0s}}",
)
TAKEN_CONFIGS = (
    "statusPort: 15022",
    "drainDuration: 1m",
    "tracingServiceName: CANONICAL_NAME_ONLY",
    "discoveryAddress: 'istiod.istio-system.svc.:15012'",
    "discoveryAddress: '10.0.0.1:15012'",
    "discoveryAddress: '[fd00::1]:15012'",
    "tracing: {zipkin: {address: '$(HOST_IP):9411'}}",
    "tracing: {lightstep: {address: 'collector:443', accessToken: x}}",
    "tracing: {tlsSettings: {mode: MUTUAL, privateKey: /key, clientCertificate: /cert}}",
    "privateKeyProvider: {cryptomb: {pollDelay: 10ms}}",
)
REFUSED = {
    "sidecar.istio.io/interceptionMode": ("MAGIC", "", "redirect"),
    "status.sidecar.istio.io/port": ("high", "", "-1", "70000", "1 5"),
    "readiness.status.sidecar.istio.io/initialDelaySeconds": ("soon", "", "-1", "4294967296", "1.5"),
    "readiness.status.sidecar.istio.io/periodSeconds": ("soon",),
    "readiness.status.sidecar.istio.io/failureThreshold": ("x",),
    f"{TRAFFIC}/includeOutboundIPRanges": ("10.0.0.0/33", "10.0.0.1", "*,10.0.0.0/8", "010.0.0.0/8", "fe80::1%eth0/64"),
    f"{TRAFFIC}/excludeOutboundIPRanges": ("*", "10.0.0.0/08", "x/8", "10.0.0.0/"),
    f"{TRAFFIC}/includeInboundPorts": ("80,70000", "*,80", "80,", "http"),
    f"{TRAFFIC}/excludeInboundPorts": ("http", "*"),
    f"{TRAFFIC}/excludeOutboundPorts": ("*", "80;81"),
    f"{TRAFFIC}/includeOutboundPorts": ('443"', "443\n"),
    f"{TRAFFIC}/excludeInterfaces": ("a b", 'eth"0', "eth0,,eth1", "eth+", "-eth", "sixteen-letters-"),
    f"{TRAFFIC}/kubevirtInterfaces": ("net0;net1",),
    "istio.io/reroute-virtual-interfaces": ("a b;c", "net0\n"),
    "prometheus.istio.io/merge-metrics": ("maybe", "yes", ""),
    "sidecar.istio.io/proxyCPU": ("lots", "", "1GB!", "100m\n"),
    "sidecar.istio.io/proxyMemory": ("1 Gi",),
    "sidecar.istio.io/proxyCPULimit": ("-", "1e"),
    "sidecar.istio.io/proxyMemoryLimit": ("1GB!", "1KiB"),
    "sidecar.istio.io/logLevel": ("debug\nx: y", "debug: y", "debug #", "debug:"),
    "sidecar.istio.io/componentLogLevel": ("misc: error", "a\tb"),
    "sidecar.istio.io/agentLogLevel": ('a"b', "a\\b", "a\nb"),
    "sidecar.istio.io/proxyImage": ('example.com/"x', "example.com/a\nb"),
    "sidecar.istio.io/proxyImageType": ('"',),
    "sidecar.istio.io/bootstrapOverride": ("a: b", "a\nb"),
    "sidecar.istio.io/userVolume": ("not json", "[1]", "[null]", '{"a":1}', '"a"', "true", ""),
    "sidecar.istio.io/userVolumeMount": ("{", "1", "[[]]"),
    "inject.istio.io/templates": ("nope", "sidecar,nope", "gateway", ""),
    "proxy.istio.io/config": (
        "foo: [bar",
        "concurrency: many",
        "drainDuration: soon",
        "- a",
        "tracing: 1",
        *REFUSED_CONFIGS,
    ),
}
TAKEN = {
    "sidecar.istio.io/interceptionMode": ("REDIRECT", "TPROXY", "NONE"),
    "status.sidecar.istio.io/port": ("15022", " 15022 ", "0", "65535"),
    "readiness.status.sidecar.istio.io/initialDelaySeconds": ("0", "4294967295"),
    f"{TRAFFIC}/includeOutboundIPRanges": ("*", "", "10.0.0.1/8,fd00::/8"),
    f"{TRAFFIC}/excludeOutboundIPRanges": ("", "10.0.0.0/0"),
    f"{TRAFFIC}/includeInboundPorts": ("*", "", "80, 81"),
    f"{TRAFFIC}/includeOutboundPorts": ("*", "", "anything"),
    "prometheus.istio.io/merge-metrics": ("true", "T", "0"),
    "sidecar.istio.io/proxyCPU": ("100m", "0.5", "1e3", ".5", "5."),
    "sidecar.istio.io/proxyMemory": ("1Gi", "128974848", "129e6"),
    "sidecar.istio.io/logLevel": ("debug", "", "warning,misc:error", 'say "hi"'),
    "sidecar.istio.io/capNetBindService": ("yes please",),
    "sidecar.istio.io/rewriteAppHTTPProbers": ("maybe",),
    "sidecar.istio.io/userVolume": ("{}", "[]", "null", '{"a":{}}', '[{"name":"a","emptyDir":{}}]'),
    "inject.istio.io/templates": ("sidecar", " sidecar , sidecar"),
    "proxy.istio.io/config": ("", "noSuchField: 1", "concurrency: '2'", "drain_duration: 1m30s", "{}", *TAKEN_CONFIGS),
    f"{TRAFFIC}/excludeInterfaces": ("", "eth0", "eth0,eth1.20", "_fifteen-letter"),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in REFUSED.items() for value in values])
def test_a_value_that_istio_refuses_is_refused(name: str, value: str) -> None:
    """The error names the annotation and stands at it."""
    result = inject(deployment({name: value}), plain(NEWEST))
    assert len(errors(result)) == 1
    assert errors(result)[0].startswith(f"`{name}`: ")
    assert "\n" not in errors(result)[0]
    assert result.problems[0].path == ("spec", "template", "metadata", "annotations", name)
    assert not result.changed


@pytest.mark.parametrize("config", REFUSED_CONFIGS)
def test_the_mesh_may_not_say_either_what_a_pod_may_not(config: str) -> None:
    [(field, value)] = yaml.safe_load(config).items()
    with pytest.raises(Failure, match=f"defaultConfig.{field}"):
        settings_from({}, {"defaultConfig": {field: value}}, release=NEWEST)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in TAKEN.items() for value in values])
def test_a_value_that_istio_takes_is_taken(name: str, value: str) -> None:
    assert errors(inject(deployment({name: value}), plain(NEWEST))) == []


def test_all_faults_are_told_at_once() -> None:
    result = inject(
        deployment({"sidecar.istio.io/proxyCPU": "lots", "sidecar.istio.io/interceptionMode": "MAGIC"}), plain(NEWEST)
    )
    assert len(errors(result)) == 2


def test_labels_and_annotations_are_text() -> None:
    """An unquoted number is refused as by kubectl, with the remedy."""
    workload = deployment()
    workload["spec"]["template"]["metadata"]["annotations"] = {"prometheus.io/port": 9100}
    assert errors(inject(workload, plain(NEWEST))) == ["text is needed, not `9100`: put the value in quotes"]


def test_readiness_numbers_are_read_as_yaml_reads_them() -> None:
    """In Istio's text template `010` is an octal number."""
    name = "readiness.status.sidecar.istio.io/periodSeconds"
    probe = container(injected(deployment({name: "010"}), plain(NEWEST)))["readinessProbe"]
    assert probe["periodSeconds"] == 8


def test_templates_of_the_values_can_be_plain_yaml() -> None:
    template = """
      metadata: {annotations: {example.com/spire: "yes"}}
      spec:
        containers:
          - name: istio-proxy
            volumeMounts: [{name: workload-socket, mountPath: /run/secrets/workload-spiffe-uds, readOnly: true}]
        volumes:
          - {name: workload-socket, csi: {driver: csi.spiffe.io, readOnly: true}}
    """
    values = {"sidecarInjectorWebhook": {"templates": {"spire": template, "go": "spec: {{ .Spec }}", "odd": "[1]"}}}
    settings = settings_from(values, release=NEWEST, sidecar_mode="native", compat=True)
    pod = injected(deployment({"inject.istio.io/templates": "sidecar,spire"}), settings)
    assert pod["spec"]["volumes"][0]["csi"]["driver"] == "csi.spiffe.io"
    assert container(pod)["volumeMounts"][0]["mountPath"] == "/run/secrets/workload-spiffe-uds"
    assert pod["metadata"]["annotations"]["example.com/spire"] == "yes"
    for name, words in (
        ("go", "Go's template language"),
        ("odd", "a mapping with `metadata` and `spec`"),
        ("nope", "go, odd, sidecar, spire"),
    ):
        assert words in errors(inject(deployment({"inject.istio.io/templates": name}), settings))[0]
