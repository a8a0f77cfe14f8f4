"""A RequestAuthentication rejects wrong tokens only: a request without any token passes.

An AuthorizationPolicy must require one, with `requestPrincipals` (or deny `notRequestPrincipals: ["*"]`) or a condition on
`request.auth`. It may be in another repository, and the application may look at the token itself.
"""

from collections.abc import Iterator, Mapping

from sailwright.diagnostics.finding import Severity
from sailwright.lint.kinds import REQUEST_AUTHENTICATION
from sailwright.lint.rule import Problem
from sailwright.mesh.index import Index
from sailwright.mesh.objects.selectors import match_labels
from sailwright.mesh.objects.workloads import Workload
from sailwright.mesh.queries.authorization_policies import conditions, sources
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import entries, mapping, text

ID = "token-not-required"
KIND = REQUEST_AUTHENTICATION
SEVERITY: Severity = "info"
ALIASES: tuple[str, ...] = ()

BAD = """
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  jwtRules: [{issuer: "https://idp.example.com"}]  # finding
"""
GOOD = (
    BAD.replace("  # finding", "")
    + """
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  action: DENY
  rules: [{from: [{source: {notRequestPrincipals: ["*"]}}]}]
""",
    BAD.replace('example.com"}]  # finding', 'example.com", forwardOriginalToken: true}]'),
)

_HANDED_ON = ("forwardOriginalToken", "outputPayloadToHeader", "outputClaimToHeaders")
"""What lets the application see the token: it may refuse those without one."""


def check(policy: Manifest, mesh: World) -> Iterator[Problem]:
    """RequestAuthentications with rules, for whose workloads no policy of the repository asks about tokens."""
    rules = [rule for _, rule in entries(policy.spec.get("jwtRules"), ())]
    if not rules or any(rule.get(key) for rule in rules for key in _HANDED_ON) or mesh.index.derived(_routed_by_claim):
        return
    if not any(_meets(mesh.index, policy, other) for other in _near(mesh.index, policy)):
        yield Problem(
            policy,
            ("spec", "jwtRules"),
            "requests without a token pass: no AuthorizationPolicy of these files asks for one",
            'add an AuthorizationPolicy that denies `notRequestPrincipals: ["*"]`, if a token is to be required',
            key=True,
        )


def _near(index: Index, policy: Manifest) -> Iterator[Manifest]:
    """The AuthorizationPolicies about tokens of its namespace and of the mesh; for one of the mesh, all of them."""
    place, root, asking = index.namespace_of(policy), index.mesh.root_namespace, index.derived(_asking)
    for namespace in asking if place == root else dict.fromkeys((place, root)):
        yield from asking.get(namespace, ())


def _meets(index: Index, policy: Manifest, other: Manifest) -> bool:
    """Whether an AuthorizationPolicy may be for some of the workloads that a RequestAuthentication is for."""
    own, theirs = match_labels(policy), match_labels(other)
    if not own or not theirs or own.items() <= theirs.items() or theirs.items() <= own.items():
        return True
    return bool(_manifests(index.selected(own)) & _manifests(index.selected(theirs)))


def _manifests(workloads: tuple[Workload, ...]) -> set[Manifest]:
    return {workload.manifest for workload in workloads}


def _asking(index: Index) -> Mapping[str, list[Manifest]]:
    """By namespace, the AuthorizationPolicies that ask about tokens, or leave it to an authorizer of their own."""
    found: dict[str, list[Manifest]] = {}
    for policy in index.of(kinds.AUTHORIZATION_POLICY):
        if (
            policy.spec.get("action") == "CUSTOM"
            or any(
                key in source for _, source in sources(policy) for key in ("requestPrincipals", "notRequestPrincipals")
            )
            or any(text(condition.get("key")).startswith("request.") for _, condition in conditions(policy))
        ):
            found.setdefault(index.namespace_of(policy), []).append(policy)
    return found


def _routed_by_claim(index: Index) -> bool:
    """Whether a VirtualService routes by a claim of the token: requests without it take another way."""
    return any(
        header.lower().startswith("@request.auth.claims")
        for virtual_service in index.virtual_services
        for _, match in virtual_service.matches("http")
        for key in ("headers", "withoutHeaders")
        for header in mapping(match.get(key))
    )
