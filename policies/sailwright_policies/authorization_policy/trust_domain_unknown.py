"""A principal of a trust domain that the mesh does not know is never seen.

Identities of the mesh have its own trust domain, or an alias of it; others need a federation that mesh config declares. Decided
where the mesh config of sailwright.yaml sets `trustDomain`.
"""

from collections.abc import Iterator

from sailwright.diagnostics.finding import Severity
from sailwright.diagnostics.suggestions import did_you_mean
from sailwright.lint.kinds import AUTHORIZATION_POLICY
from sailwright.lint.rule import Example, Problem
from sailwright.mesh.facts import Facts
from sailwright.mesh.queries.authorization_policies import principals
from sailwright.mesh.world import World
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import text, texts

ID = "trust-domain-unknown"
KIND = AUTHORIZATION_POLICY
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
            principals: [prd.example.com/ns/shop/sa/productpage]  # finding
""",
    Facts(mesh_config={"trustDomain": "prod.example.com"}),
)
GOOD = Example(BAD.text.replace("prd.example.com", "prod.example.com").replace("  # finding", ""), BAD.facts)


def check(policy: Manifest, mesh: World) -> Iterator[Problem]:
    """Principals with a trust domain without wildcards; cluster.local always means the own one."""
    config = mesh.facts.mesh_config
    if not text(config.get("trustDomain")) or config.get("caCertificates"):
        return  # other trust domains may be federated by their roots
    known = {text(config["trustDomain"]), "cluster.local", *texts(config.get("trustDomainAliases"))}
    for path, written in principals(policy):
        domain, slash, _ = written.partition("/ns/")
        if slash and "*" not in domain and domain not in known:
            yield Problem(
                policy,
                path,
                f"{domain} is no trust domain of this mesh",
                did_you_mean(domain, known, "use the mesh's trust domain, or add it to trustDomainAliases"),
            )
