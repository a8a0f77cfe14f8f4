"""`tests:` of service.yaml: what they ask, and what a failing one says."""

from pathlib import Path

import pytest

from sailwright.commands.test.results import RunOfTests
from sailwright.commands.test.run import test as run_tests
from sailwright.diagnostics.finding import Finding
from sailwright.workspace.selection import Selection

SERVICE = """\
apiVersion: sailwright/v1alpha1
name: reviews
namespace: shop
ports:
  - {name: http, port: 9080, appProtocol: http}
  - {name: db, port: 5432, appProtocol: tcp}
defaults: {image: reviews}
versions:
  - {name: v1, image: "reviews:1", weight: 80}
  - {name: v2, image: "reviews:2", weight: 20}
routes:
  - name: staff-first
    match: [{headers: {x-user-group: {exact: staff}}}]
    to: v2
    timeout: 1m
    retries: {attempts: 3, perTryTimeout: 2s, retryOn: "5xx,503"}
    fault: {delay: {percentage: {value: 1}, fixedDelay: 2s}}
  - name: old
    match: [{uri: {prefix: /old}}]
    redirect: {uri: /new, redirectCode: 302}
  - name: closed
    match: [{uri: {prefix: /closed}}]
    directResponse: {status: 503}
  - name: web-only
    match: [{sourceLabels: {app: web}}]
    to: v1
"""
WEB = """\
apiVersion: sailwright/v1alpha1
name: web
namespace: front
ports: [{name: http, port: 80, appProtocol: http}]
versions: [{name: v1, image: "web:1"}]
"""


def run(folder: Path, *tests: str, more: str = "") -> RunOfTests:
    """Run tests of the service above in a mesh with a second service, without a project file."""
    folder.joinpath("web.yaml").write_text(WEB)
    written = "".join(f"  - {test}\n" for test in tests)
    folder.joinpath("reviews.yaml").write_text(f"{SERVICE}tests:\n{written}")
    if more:
        folder.joinpath("more.yaml").write_text(more)
    return run_tests(Selection((str(folder),), injecting=False, context="mesh"))


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with no project above it, entered."""
    monkeypatch.chdir(tmp_path)
    return Path()


STAFF = "request: {headers: {x-user-group: staff}}"


@pytest.mark.parametrize(
    "test",
    [
        "{name: a, expect: {weights: {v1: 80, v2: 20}}}",
        "{name: a, expect: {weights: {v1: 8, v2: 2}, host: reviews.shop.svc.cluster.local}}",
        f"{{name: a, {STAFF}, expect: {{version: v2, timeout: 60s}}}}",
        f"{{name: a, {STAFF}, expect: {{route: staff-first}}}}",
        "{name: a, expect: {route: default}}",
        "{name: a, request: {path: /closed}, expect: {route: closed, status: 503}}",
        "{name: a, request: {host: web.front, port: 80}, expect: {route: default}}",
        f"{{name: a, {STAFF}, expect: {{retries: 3}}}}",
        f"{{name: a, {STAFF}, expect: {{retries: {{attempts: 3, perTryTimeout: 2000ms, retryOn: '503,5xx'}}}}}}",
        f"{{name: a, {STAFF}, expect: {{fault: {{delay: {{percentage: {{value: 1}}, fixedDelay: 2000ms}}}}}}}}",
        "{name: a, request: {path: /old/x}, expect: {status: 302, redirect: 'http://reviews.shop.svc.cluster.local:9080/new'}}",
        "{name: a, request: {path: /old/x}, expect: {redirect: {uri: /new, redirectCode: 302}}}",
        "{name: a, request: {path: /closed}, expect: {status: 503}}",
        "{name: a, from: {service: front/web}, expect: {version: v1}}",
        "{name: a, from: {namespace: front, labels: {app: web}}, expect: {version: v1}}",
        "{name: a, from: {namespace: front}, request: {host: reviews.shop}, expect: {weights: {v1: 80, v2: 20}}}",
        "{name: a, request: {host: web.front, port: 80}, expect: {host: web.front.svc.cluster.local}}",
        "{name: a, request: {port: 5432}, expect: {weights: {v1: 80, v2: 20}}}",
        "{name: a, request: {host: web.front, port: 80}, expect: {host: web.front}}",
    ],
)
def test_a_test_that_holds(alone: Path, test: str) -> None:
    """Durations compare by value, weights by share; everything but `expect` has a default."""
    tested = run(alone, test)
    assert (tested.findings, tested.run, tested.failed) == ((), 1, 0)


def only(tested: RunOfTests) -> Finding:
    """The one finding of a run."""
    (finding,) = tested.findings
    return finding


@pytest.mark.parametrize(
    ("test", "told"),
    [
        ("{name: a, expect: {version: v2}}", "expected 100 % to v2, got 80 % to v1, 20 % to v2"),
        ("{name: a, expect: {weights: {v1: 50, v2: 50}}}", "expected 50 % to v1, 50 % to v2, got 80 % to v1"),
        (f"{{name: a, {STAFF}, expect: {{route: default}}}}", "expected route `default`, got `staff-first`"),
        ("{name: a, request: {port: 5432}, expect: {route: default}}", "connection takes no named route: expect `ver"),
        ("{name: a, expect: {timeout: 5s}}", "expected timeout 5s, got none"),
        ("{name: a, expect: {retries: 0}}", "expected retries 0, got 2"),
        ("{name: a, expect: {status: 503}}", "expected status 503, got none"),
        ("{name: a, request: {path: /closed}, expect: {version: v1}}", "answered with 503 by the proxy itself"),
        ("{name: a, request: {host: example.com, port: 80}, expect: {host: example.com}}", "passed through"),
        ("{name: a, from: {service: front/wep}, expect: {version: v1}}", "did you mean `front/web`?"),
        (
            "{name: a, from: {gateway: edge/public}, expect: {version: v1}}",
            "Gateway edge/public is not in the repository",
        ),
    ],
)
def test_a_test_that_fails(alone: Path, test: str, told: str) -> None:
    """The message shows what is expected and what there is instead."""
    finding = only(run(alone, test))
    assert finding.rule == "traffic-test-failed"
    assert finding.message.startswith("test `a`: ")
    assert told in finding.message


def test_a_failing_test_names_the_rule_that_took_the_request(alone: Path) -> None:
    """With its line in service.yaml, and its own."""
    finding = only(run(alone, f"{{name: a, {STAFF}, expect: {{version: v1}}}}"))
    assert "rule `staff-first-9080` of VirtualService shop/reviews took it" in finding.message
    lines = (alone / "reviews.yaml").read_text().splitlines()
    assert "expect" in lines[finding.location.line - 1]
    (rule,) = finding.related
    assert "x-user-group" in lines[rule.location.line - 1]


def test_tests_run_in_every_environment_and_equal_failures_are_one(tmp_path: Path) -> None:
    """The finding names the environments in which it happens."""
    tmp_path.joinpath("sailwright.yaml").write_text(
        "apiVersion: sailwright/v1alpha1\nservices: [reviews.yaml]\nistio: {version: 1.30.0, sidecarMode: native}\n"
        "environments: {staging: {}, prod: {}, later: {}}\n"
    )
    tmp_path.joinpath("reviews.yaml").write_text(
        SERVICE
        + "tests:\n  - {name: a, expect: {weights: {v1: 50, v2: 50}}}\n"
        + "environments: {later: {versions: [{name: v1, weight: 50}, {name: v2, weight: 50}]}}\n"
    )
    tested = run_tests(Selection(project=str(tmp_path), injecting=False, context="mesh"))
    assert only(tested).environments == ("staging", "prod")
    assert (tested.run, tested.failed) == (3, 2)


def test_a_gateway_can_be_asked(alone: Path) -> None:
    """Host and port are those it exposes."""
    gateway = """\
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: edge}
spec:
  selector: {istio: edge}
  servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: ['*'], tls: {mode: SIMPLE, credentialName: c}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: edge, namespace: shop}
spec:
  hosts: [shop.example.com]
  gateways: [edge/public]
  http: [{route: [{destination: {host: reviews, subset: v2, port: {number: 9080}}}]}]
"""
    test = "{name: a, from: {gateway: edge/public}, request: {host: shop.example.com}, expect: {version: v2}}"
    assert run(alone, test, more=gateway).findings == ()


def test_an_expectation_that_is_null_asks_nothing(alone: Path) -> None:
    """An overlay may take one away."""
    tested = run(alone, "{name: a, expect: {version: null, status: null}}")
    assert tested.failed == 0


def test_a_route_that_the_service_does_not_have_is_found_before_anything_is_asked(alone: Path) -> None:
    """As a version that it does not have."""
    (finding,) = run(alone, "{name: a, expect: {route: staff-fist}}").findings[:1]
    assert finding.message == "`reviews` has no route `staff-fist`"
    assert finding.help == "did you mean `staff-first`?"
