"""A root VirtualService hands rules over to a delegate."""

from tests.route.mesh import SHOP, ask, hosts, service, simulator, virtual_service

from sailwright.route.explain import explain
from sailwright.route.request_input import from_url

ROOT = """
hosts: [cart]
http:
- name: api
  match: [{uri: {prefix: /api}}]
  timeout: 5s
  delegate: {name: child, namespace: team}
- name: rest
  route: [{destination: {host: cart}}]
"""
CHILD = """
%s
http:
- name: v2
  match: [{uri: {prefix: /api/v2}}]
  route: [{destination: {host: new}}]
- match: [{headers: {x: {exact: '1'}}}]
  route: [{destination: {host: new}}]
  timeout: 1s
- match: [{uri: {prefix: /other}}]
  route: [{destination: {host: new}}]
"""


def mesh(child: str = ""):  # type: ignore[no-untyped-def]
    """A mesh with a root in shop and a delegate in team; `child` is added to the delegate's spec."""
    return simulator(
        service("cart")
        + service("new", "team")
        + virtual_service("root", ROOT)
        + virtual_service("child", CHILD % child, "team")
    )


def test_the_rules_of_the_delegate_are_narrowed_by_the_root() -> None:
    """Conditions are joined; short names are those of the delegate's namespace; the answer names the root."""
    answer = ask(mesh(), "cart", "/api/v2/x")
    assert hosts(answer) == ["new:80"]
    assert answer["destinations"][0]["host"] == "new.team.svc.cluster.local"
    assert (answer["virtualService"], answer["name"]) == ("shop/root", "api-v2")
    assert hosts(ask(mesh(), "cart", "/api/x", headers={"x": "1"})) == ["new:80"]
    assert hosts(ask(mesh(), "cart", "/x", headers={"x": "1"})) == ["cart:80"]


def test_settings_of_the_root_hold_where_the_delegate_has_none() -> None:
    """The delegate's own win."""
    assert ask(mesh(), "cart", "/api/v2")["timeout"] == "5s"
    assert ask(mesh(), "cart", "/api/", headers={"x": "1"})["timeout"] == "1s"


def test_a_rule_of_the_delegate_that_contradicts_the_root_is_left_out() -> None:
    """`/other` is never below `/api`."""
    assert hosts(ask(mesh(), "cart", "/other")) == ["cart:80"]


def test_a_delegate_that_is_not_exported_to_the_root_is_left_out() -> None:
    """Only the rule that hands over goes; the others stay."""
    assert hosts(ask(mesh("exportTo: ['.']"), "cart", "/api/v2")) == ["cart:80"]
    assert hosts(ask(mesh("exportTo: [shop]"), "cart", "/api/v2")) == ["new:80"]


def test_the_explanation_names_what_istiod_drops() -> None:
    """The delegate's rule that does not fit, and the root's whose delegate is private or missing: the rest of the file holds."""

    def dropped(child: str, root: str = ROOT) -> list[str]:
        mesh = simulator(
            service("cart")
            + service("new", "team")
            + virtual_service("root", root)
            + virtual_service("child", CHILD % child, "team")
        )
        lines = explain(mesh, SHOP, from_url("http://cart/api", "GET", ()))
        return [line.strip() for line in lines if "istiod drops" in line]

    (unfit,) = dropped("")
    assert unfit.startswith("istiod drops rule 3 of child (")
    assert unfit.endswith("its match does not fit the rule that hands over to it")
    (private,) = dropped("exportTo: ['.']")
    assert private.startswith("istiod drops rule 1 of root (")
    assert private.endswith("its delegate team/child is not exported to namespace shop")
    (missing,) = dropped("", ROOT.replace("name: child", "name: chidl"))
    assert missing.endswith("its delegate team/chidl is no VirtualService without hosts")
