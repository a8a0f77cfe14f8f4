"""One fault is told once: where a rule knows more than the schema or the webhook does, theirs go unsaid."""

from __future__ import annotations

from dataclasses import replace

from sailwright.diagnostics.finding import Finding, Location, ObjectRef, Rendered
from sailwright.lint.deduplicate import dedupe_by_source
from sailwright.lint.run import LintRequest, lint
from sailwright.lint.settings import Settings, choose
from sailwright.mesh.world import World
from sailwright.source.manifest import manifests
from sailwright.source.source import parse
from sailwright_policies import RULES

REMOVED = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews.example.com]
  http:
    - websocketUpgrade: true
      websocketUpgrades: true
      route: [{destination: {host: reviews.example.com}}]
"""


def rules_at(text: str, *select: str) -> dict[int, list[str]]:
    """The rules that report each line of a text."""
    source = parse("example.yaml", text.encode())
    world = World(manifests(source))
    chosen = choose(tuple(RULES), Settings(), select, (), compat=False)
    found: dict[int, list[str]] = {}
    for finding in lint(LintRequest((world,), (source,), tuple(RULES), chosen)).findings:
        found.setdefault(finding.location.line, []).append(finding.rule)
    return found


def test_the_rule_that_knows_why_speaks_alone() -> None:
    """A field that Istio removed is not reported as unknown too; a misspelt one still is."""
    found = rules_at(REMOVED)
    assert found[8] == ["removed-field"]
    assert found[9] == ["schema-violation"]


def test_the_general_rule_speaks_where_the_other_is_off() -> None:
    """Who does not run `removed-field` still hears that the field is unknown."""
    assert rules_at(REMOVED, "schema-violation")[8] == ["schema-violation"]


PORTS = """
apiVersion: v1
kind: Service
metadata: {name: mixed, namespace: shop}
spec:
  selector: {app: mixed}
  ports:
    - name: imap
      port: 143
    - name: kafka
      port: 9092
    - name: metrics
      port: 9090
"""


def test_the_port_rules_speak_one_at_a_time() -> None:
    """A port that hangs, a name that misleads and a name that says nothing are three things, each told once."""
    found = rules_at(PORTS)
    assert found == {8: ["server-first-auto-detected"], 10: ["port-name-misleads"], 12: ["port-protocol-undeclared"]}


def test_versions_that_share_a_line_share_its_finding() -> None:
    """Two rendered objects of one service; a hand-written one keeps its own."""
    place = Location("services/reviews/service.yaml", 21, 33)
    objects = [ObjectRef("apps/v1", "Deployment", "shop", name) for name in ("reviews-v1", "reviews-v2", "written")]
    found = [Finding("sidecar-below-floor", "warning", "too little", place, object=each) for each in objects]
    staging, prod = (
        replace(each, environments=(name,), rendered=Rendered("rendered/reviews.yaml", 9, "/spec"))
        for each, name in zip(found, ("staging", "prod"), strict=False)
    )
    assert dedupe_by_source((staging, prod, found[2])) == (replace(staging, environments=("staging", "prod")), found[2])


CAUSES = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews.example.com]
  http:
    - match:
        - authority: {exact: "*.example.com"}
        - uri: {prefix: "/b?c=*"}
      rewrite:
        uri: /new/*
      route: [{destination: {host: reviews.example.com}}]
    - corsPolicy:
        allowMethods:
          - get
      route: [{destination: {host: reviews.example.com}}]
---
apiVersion: v1
kind: Service
metadata: {name: ledger, namespace: shop}
spec: {selector: {app: ledger}, ports: [{name: tcp, port: 90}]}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: ledger, namespace: shop}
spec:
  selector: {matchLabels: {app: ledger}}
  action: DENY
  rules:
    - to: [{operation: {methods: [POST]}}]
"""


def line_of(words: str) -> int:
    """The line of CAUSES that holds these words."""
    return next(number for number, line in enumerate(CAUSES.splitlines(), 1) if words in line)


def test_a_cause_is_reported_and_not_its_effect() -> None:
    """A star, a method in lower case and an attribute of HTTP are the cause; what never matches or is refused is the effect."""
    found = rules_at(CAUSES)
    for words in ("*.example.com", "/b?c=*", "uri: /new/*"):
        assert found[line_of(words)] == ["match-star-literal"]
    assert found[line_of("- get")] == ["match-method-unknown"]
    assert found[line_of("methods: [POST]")] == ["authorization-http-attribute"]


def test_the_effect_is_reported_where_the_rule_about_the_cause_is_off() -> None:
    """Nobody is left without a finding."""
    for words, rule in (
        ("*.example.com", "match-never-true"),
        ("- get", "virtual-service-refused"),
        ("methods: [POST]", "authorization-policy-doubtful"),
    ):
        assert rules_at(CAUSES, rule)[line_of(words)] == [rule]
