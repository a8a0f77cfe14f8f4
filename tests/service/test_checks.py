"""What no schema can say: the parts of one service must agree. Each case is a change of a sound file and what is told."""

import copy
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sailwright.project.service.reading import Reading, read_service
from sailwright.project.service.resolve import Target
from sailwright.source.source import Document, Source, parse

SOUND = dedent("""\
    apiVersion: sailwright/v1alpha1
    name: reviews
    namespace: bookinfo
    ports:
      - {name: http, port: 9080, appProtocol: http}
    defaults:
      resources: {requests: {cpu: 100m}}
    versions:
      - name: v1
        image: reviews:1
        weight: 80
      - name: v2
        image: reviews:2
        weight: 20
    routes:
      - name: staff
        match: [{headers: {x-user-group: {exact: staff}}}]
        to: v2
    """)


def reading(text: str) -> Reading:
    return read_service(parse("service.yaml", text.encode(), "service").documents[0])


def test_the_sound_file_has_no_finding() -> None:
    assert reading(SOUND).findings == ()


CASES = {
    "weights above 100": (("weight: 20", "weight: 30"), "weights-sum", 14, "the weights of the versions must sum to 100: v1 80 + v2 30 = 110"),
    "a route's weights": (("to: v2", "to: {v1: 50, v2: 40}"), "weights-sum", 18, "the weights of the route `staff` must sum to 100: v1 50 + v2 40 = 90"),
    "a list's weights": (("to: v2", "to: [{version: v1, weight: 50}, {host: a.example, weight: 40}]"), "weights-sum", 18, "the weights of the route `staff` must sum to 100: v1 50 + a.example 40 = 90"),
    "unknown version": (("to: v2", "to: v3"), "unknown-version", 18, "`reviews` has no version `v3`"),
    "unknown version in a map": (("to: v2", "to: {v2: 90, v9: 10}"), "unknown-version", 18, "`reviews` has no version `v9`"),
    "unknown version of a mirror": (("to: v2", "to: v2\n    mirror: {to: v3}"), "unknown-version", 19, "`reviews` has no version `v3`"),
    "version and host": (("to: v2", "to: [{version: v2, host: a.example}]"), "unknown-version", 18, "a destination is a version or a host, not both"),
    "a route that leads nowhere": (("    to: v2\n", ""), "route-action", 16, "this route leads nowhere"),
    "two actions": (("to: v2", "to: v2\n    redirect: {uri: /x}"), "route-action", 16, "this route has `redirect` and `to`"),
    "retired with weight": (("weight: 20", "weight: 20\n    retire: true"), "retire-routed", 14, "`v2` is on its way out (`retire: true`) and still gets 20 %"),
    "routes without an HTTP port": (("appProtocol: http", "appProtocol: tcp"), "route-protocol", 15, "`routes` need a port that speaks HTTP or gRPC, and the service has none"),
    "two ports of one number": (("  - {name: http,", "  - {name: other, port: 9080, appProtocol: http}\n  - {name: http,"), "duplicate-name", 6, "the port number `9080` is given twice"),
    "two routes of one name": (("routes:", "routes:\n  - {name: staff, to: v1}"), "duplicate-name", 17, "the route `staff` is given twice"),
    "headless": (("routes:", "service: {clusterIP: 'None'}\nroutes:"), "weights-inert", 11, "weights do nothing on a headless Service: callers get the address of one pod"),
    "a StatefulSet of two versions": (("routes:", "workload: {kind: StatefulSet}\nroutes:"), "service-structure", 12, "a StatefulSet has one version, and this service has 2"),
    "replicas and autoscaling": (("  resources:", "  replicas: 2\n  autoscaling: {maxReplicas: 3, targetCPUUtilization: 80}\n  resources:"), "scaling", 7, "version `v1` has `replicas` and `autoscaling`: each would undo the other"),
    "nothing to scale by": (("  resources:", "  autoscaling: {maxReplicas: 3}\n  resources:"), "scaling", 7, "autoscaling needs `targetCPUUtilization` or `metrics`, one of them"),
    "a budget of two kinds": (("  resources:", "  disruptionBudget: {minAvailable: 1, maxUnavailable: 1}\n  resources:"), "scaling", 7, "a disruption budget has `minAvailable` or `maxUnavailable`, one of them"),
    "no image": (("    image: reviews:2\n", ""), "service-structure", 12, "version `v2` has no `image`"),
    "external with versions": (("routes:", "external: {hosts: [a.example]}\nroutes:"), "service-structure", 6, "a file with `external` has no `defaults`: the service runs elsewhere"),
    "exposed, no gateway let in": (("routes:", "expose: {hosts: [a.example], gateways: [istio-ingress/public]}\naccessPolicy: {inbound: [{service: x}]}\nroutes:"), "exposed-caller", 16, "the service is exposed through istio-ingress/public, and its policy lets no gateway in: every request gets 403"),
    "exposed, nobody let in": (("routes:", "expose: {hosts: [a.example], gateways: [istio-ingress/public]}\naccessPolicy: {inbound: []}\nroutes:"), "exposed-caller", 16, "the service is exposed through istio-ingress/public, and its policy lets no gateway in: every request gets 403"),
    "LEAST_CONN": (("routes:", "trafficPolicy: {loadBalancer: LEAST_CONN}\nroutes:"), "deprecated-load-balancer", 15, "LEAST_CONN is the deprecated name of LEAST_REQUEST"),
    "a field of another kind": (("routes:", "workload: {schedule: '* * * * *'}\nroutes:"), "service-structure", 15, "`schedule` belongs to a CronJob, and this is a Deployment"),
    "a test of an unknown version": (("routes:", "tests: [{name: t, expect: {version: v3}}]\nroutes:"), "unknown-version", 15, "`reviews` has no version `v3`"),
    "two matchers": (("exact: staff", "exact: staff, prefix: s"), "exclusive-fields", 17, "`exact` and `prefix` exclude each other"),
    "two balancers": (("routes:", "trafficPolicy: {loadBalancer: {simple: RANDOM, consistentHash: {useSourceIp: true}}}\nroutes:"), "exclusive-fields", 15, "`simple` and `consistentHash` exclude each other"),
    "two faults": (("to: v2", "to: v2\n    fault: {abort: {httpStatus: 500, grpcStatus: INTERNAL}}"), "exclusive-fields", 19, "`httpStatus` and `grpcStatus` exclude each other"),
    "two callers": (("routes:", "tests: [{name: t, from: {service: a, gateway: b/c}, expect: {version: v2}}]\nroutes:"), "test-caller", 15, "one caller asks, and this names 2"),
    "outside the mesh": (("routes:", "mesh: {inject: none}\nroutes:"), "outside-the-mesh", 11, "`weight` is not rendered: the service is outside the mesh (`mesh.inject: none`)"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_disagreement_is_told_at_its_line(case: str) -> None:
    (old, new), rule, line, message = CASES[case]
    assert old in SOUND
    findings = reading(SOUND.replace(old, new, 1)).findings
    assert (rule, line, message) in [(f.rule, f.location.line, f.message) for f in findings]
    assert all(finding.help for finding in findings)


@pytest.mark.parametrize(
    "text",
    [
        SOUND + "expose: {hosts: [a.example], gateways: [i/p]}\naccessPolicy: {inbound: [{service: x}, {principal: cluster.local/ns/i/sa/p}]}\n",
        SOUND + "expose: {hosts: [a.example], gateways: [i/p]}\n",
        SOUND.replace("    weight: 80\n", "    weight: 100\n").replace("    weight: 20\n", ""),
        SOUND.replace("    weight: 80\n", "").replace("    weight: 20\n", ""),
        SOUND.replace("weight: 80", "weight: 100").replace("weight: 20", "weight: 0\n    retire: true").replace("to: v2", "to: v1"),
        SOUND.replace("to: v2", "to: [{host: reviews.eu.example, port: 443}]"),
        SOUND + "workload: external\n",
        SOUND.replace("image: reviews:1\n", "\n").replace("image: reviews:2\n", "\n") + "workload: external\n",
    ],
    ids=["gateway let in", "exposed without policy", "absent means nothing", "no weights at all", "retired", "another host", "external workload", "external workload without images"],
)  # fmt: skip
def test_these_are_sound(text: str) -> None:
    assert reading(text).findings == ()


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("rollout: {steps: []}", "`rollout` is not in this version of sailwright"),
        ("gateway: {}", "a Gateway is for many services: it is no part of a service file"),
        ("httpRoutes: []", "HTTPRoutes and GRPCRoutes are rendered from `routes`"),
        ("environments: {prod: {rollout: {}}}", "`rollout` is not in this version of sailwright"),
    ],
)
def test_what_is_not_in_this_version_is_refused_with_a_sentence(lines: str, message: str) -> None:
    (finding,) = reading(SOUND + lines + "\n").findings
    assert finding.message == message
    assert finding.help


def test_ambient_mode_has_one_spelling() -> None:
    (finding,) = reading(SOUND + "mesh: {ambient: true}\n").findings
    assert (finding.message, finding.help) == ("unknown key `ambient`", "write `inject: ambient`")
    (finding,) = reading(SOUND + "waypoint: shop\n").findings
    assert finding.help == "write it under `mesh`"


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("mesh: {inject: ambient, sidecar: {resources: {}}}", "`sidecar` has no effect: in ambient mode pods have no sidecar"),
        ("mesh: {inject: ambient, mtls: DISABLE}", "`mtls` has no effect: ztunnel always takes mutual TLS"),
        ("mesh: {inject: ambient}\naccessPolicy: {outbound: []}", "`outbound` has no effect: in ambient mode pods have no sidecar"),
        ("mesh: {waypoint: shop}", "`waypoint` has no effect: with `mesh.inject: build` no call to it passes a waypoint"),
    ],
)  # fmt: skip
def test_what_does_nothing_in_ambient_mode_or_outside_of_it_is_reported(lines: str, message: str) -> None:
    (finding,) = reading(SOUND + lines + "\n").findings
    assert (finding.rule, finding.severity, finding.message) == ("ambient-setting", "warning", message)
    assert finding.help


@pytest.mark.parametrize(
    "lines",
    [
        "mesh: {inject: ambient}",
        "mesh: {inject: ambient, mtls: STRICT, waypoint: shop}",
        "mesh: {inject: ambient, waypoint: none}",
        "mesh: {inject: namespace, waypoint: edge/shared}",
        "mesh: {inject: build}\nenvironments: {prod: {mesh: {inject: ambient, waypoint: shop}}}",
    ],
)
def test_ambient_mode_is_sound(lines: str) -> None:
    assert reading(SOUND + lines + "\n").findings == ()


def test_a_workload_of_somebody_else_is_called_external() -> None:
    (finding,) = reading(SOUND + "workload: {kind: Rollout}\n").findings
    assert finding.help.endswith("for workloads of Helm, Argo Rollouts or an operator write `workload: external`")


def test_a_setting_of_pods_at_the_top_is_sent_to_its_place() -> None:
    (finding,) = reading(SOUND + "replicas: 2\n").findings
    assert finding.help == "`replicas` is a setting of pods: write it under `defaults`, or under one of `versions`"


def test_a_key_of_the_top_written_further_in_is_sent_there() -> None:
    (finding,) = reading(SOUND.replace("defaults:\n", "defaults:\n  enviroments: {}\n")).findings
    assert finding.help == "`environments` belongs at the top of the file"


def test_a_fault_in_one_section_does_not_hide_those_of_others() -> None:
    text = SOUND.replace("weight: 20", "weight: 30\n    imge: x") + "timeout: 5\nexposed: {}\n"
    assert [(finding.rule, finding.location.line) for finding in reading(text).findings] == [
        ("weights-sum", 14), ("service-schema", 15), ("service-schema", 20), ("service-schema", 21),
    ]  # fmt: skip


values = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 70000), st.text(max_size=5), st.sampled_from(["v1", "v2", "http", "none"]),
    st.lists(st.integers(0, 3), max_size=2), st.dictionaries(st.sampled_from(["name", "to", "x"]), st.text(max_size=3), max_size=2),
)  # fmt: skip

RICH = SOUND + dedent("""\
    trafficPolicy: {loadBalancer: LEAST_CONN, portLevelSettings: [{port: {number: 9080}, loadBalancer: RANDOM}]}
    expose: {hosts: [a.example], gateways: [i/p]}
    accessPolicy: {inbound: [{principal: a}], outbound: [{host: b.example}]}
    mesh: {inject: build, mtls: STRICT, sidecar: {resources: {limits: {cpu: 1}}}, istio: {version: 1.31.0}}
    mirror: {to: v2, percentage: {value: 5}}
    config: {files: {a: b}}
    patches: [{target: {kind: Service}, patch: [{op: add, path: /a, value: null}]}]
    tests: [{name: t, expect: {version: v2}}]
    environments:
      prod:
        versions: [{name: v1, weight: 50}, {name: v2, weight: 50, replicas: null}]
        routes: [{name: first, to: v1, before: staff}, {name: staff, $patch: delete}]
        clusters: {eu1: {defaults: {replicas: 3}, enabled: true}}
    """)


def places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    entries = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(place for key, value in entries for place in places(value, (*path, key)))]


WHOLE = parse("service.yaml", RICH.encode(), "service").documents[0].value


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(st.sampled_from(places(WHOLE)[1:]), values), min_size=1, max_size=3))
def test_any_value_anywhere_gives_findings_or_services_never_an_exception(
    changes: list[tuple[tuple[Any, ...], Any]],
) -> None:
    tree = copy.deepcopy(WHOLE)
    for path, value in changes:
        node = tree
        for key in path[:-1]:
            node = node[key] if isinstance(node, dict) and key in node else None
        if isinstance(node, dict):
            node[path[-1]] = value
    document = Document(Source("service.yaml", RICH.encode(), "service"), 0, tree)
    targets = (Target("prod", "eu1"), Target("prod", "us1"))
    result = read_service(document, targets, None, {"prod": ("eu1", "us1")})
    assert result.services or result.findings or not tree.get("enabled", True)


def test_a_file_without_versions_says_so() -> None:
    (finding,) = reading("apiVersion: sailwright/v1alpha1\nname: a\nnamespace: b\n").findings
    assert finding.message == "the service has neither `versions` nor `external`"


def test_http_settings_of_a_tcp_service_are_told() -> None:
    text = SOUND[: SOUND.index("routes:")].replace("appProtocol: http", "appProtocol: mysql") + "timeout: 3s\n"
    (finding,) = reading(text).findings
    assert (finding.rule, finding.location.line) == ("route-protocol", 15)


def test_the_ports_of_a_further_service_are_whole() -> None:
    """Their number and protocol are required as those of the first one's are."""
    found = reading(SOUND + "additionalServices: [{name: more, ports: [{name: http}]}]\n").findings
    assert [each.rule for each in found] == ["service-schema", "service-schema"]
    assert all(each.path[:3] == ("additionalServices", 0, "ports") for each in found)
