"""A principal of a trust domain that the mesh does not know is never seen.

Identities of the mesh have its own trust domain, or an alias of it; others need a federation that mesh config declares. Decided
where the mesh config of sailwright.yaml sets `trustDomain`.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.nearest import did_you_mean
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.values import kinds
from sailwright.mesh.world import World
from sailwright.source.untyped import entries, get, items, text, texts

ID = "trust-domain-unknown"
SEVERITY: Severity = "warning"
ALIASES: tuple[str, ...] = ("KIA0108",)

BAD = Example(
    """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: reviews, namespace: shop}
spec:
  rules:
    - from:
        - source:
            principals: [prod.exmple.com/ns/shop/sa/productpage]  # finding
""",
    Facts(mesh_config={"trustDomain": "prod.example.com"}),
)
GOOD = Example(BAD.text.replace("exmple.com", "example.com").replace("  # finding", ""), BAD.facts)


def check(world: World) -> Iterator[Problem]:
    """Principals of AuthorizationPolicies with a trust domain without wildcards; cluster.local always means the own one."""
    config = world.facts.mesh_config
    if not text(config.get("trustDomain")):
        return
    known = {text(config["trustDomain"]), "cluster.local", *texts(config.get("trustDomainAliases"))}
    if config.get("caCertificates"):
        return  # other trust domains are federated by their roots
    for manifest in world.index.of(kinds.AUTHORIZATION_POLICY):
        for rule_path, rule in entries(manifest.spec.get("rules"), ("spec", "rules")):
            for path, source in entries(rule.get("from"), (*rule_path, "from")):
                for position, written in enumerate(items(get(source, "source", "principals"))):
                    domain, slash, _ = written.partition("/ns/") if isinstance(written, str) else ("", "", "")
                    if slash and "*" not in domain and domain not in known:
                        yield Problem(
                            manifest,
                            (*path, "source", "principals", position),
                            f"{domain} is no trust domain of this mesh",
                            did_you_mean(domain, known, "use the mesh's trust domain, or add it to trustDomainAliases"),
                        )
