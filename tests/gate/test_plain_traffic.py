"""What `diff` says of callers without a proxy."""

from tests.route.mesh import service, world

from sailwright.commands.diff.calls import call_changes

STRICT = """---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default, namespace: shop}
spec: {mtls: {mode: %s}}
"""


def pods(name: str, namespace: str, replicas: int = 1) -> str:
    """A Deployment."""
    return f"""---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  replicas: {replicas}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec: {{containers: [{{name: app, image: "example.com/{name}:1"}}]}}
"""


def side(more: str = "", replicas: int = 1, tools: str = "disabled") -> str:
    """Service pay of namespace shop, and a workload of namespace tools."""
    namespaces = "".join(
        f"---\napiVersion: v1\nkind: Namespace\nmetadata: {{name: {name}, labels: {{istio-injection: {label}}}}}\n"
        for name, label in (("shop", "enabled"), ("tools", tools))
    )
    callee = service("pay", "shop", "80", extra="  selector: {app: pay}\n") + pods("pay", "shop", replicas)
    return namespaces + callee + pods("cron", "tools") + more


def lines(before: str, after: str) -> list[str]:
    """The lines of the diff about callers without a proxy."""
    found = [f"{change.service}: {change.line}" for change in call_changes(world(before), world(after))]
    return [line for line in found if "callers without a proxy" in line]


def test_strict_mtls_shuts_out_callers_without_a_proxy() -> None:
    """And the line names the object that does."""
    (line,) = lines(side(STRICT % "PERMISSIVE"), side(STRICT % "STRICT"))
    assert line.startswith(
        "shop/pay: callers without a proxy: answered by any ready pod -> refused: PeerAuthentication "
    )
    assert "takes mTLS only (STRICT)" in line
    (back,) = lines(side(STRICT % "STRICT"), side())
    assert back.endswith("-> answered by any ready pod")


def test_the_last_pod_is_taken_away() -> None:
    """Nobody takes the connection."""
    (line,) = lines(side(), side(replicas=0))
    assert "no ready pod: Deployment pay has no replicas" in line


def test_nothing_is_said_where_nothing_changes_or_where_no_such_caller_is_known() -> None:
    """With the same policies, and where every workload has a sidecar."""
    assert lines(side(STRICT % "STRICT"), side(STRICT % "STRICT")) == []
    assert lines(side(tools="enabled"), side(STRICT % "STRICT", tools="enabled")) == []
