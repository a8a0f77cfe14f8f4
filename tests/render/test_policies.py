"""Access policies: who may call by identity, and what a service's sidecars know of the mesh."""

from typing import Any

from tests.render.project import ONE, PROJECT, objects, told

WEB = ONE.replace("name: cart", "name: web").replace('"cart:1"', '"web:1", serviceAccount: {name: robot}')


def policy(access: str, *others: str, **project: Any) -> dict[str, Any]:
    found: dict[str, Any] = objects(ONE + f"accessPolicy: {access}\n", *others, **project)
    return found


def test_callers_are_let_in_by_the_accounts_of_their_pods() -> None:
    access = "{inbound: [{service: web}, {serviceAccount: ops/probe}, {principal: other.domain/ns/a/sa/b}, {namespace: monitoring}]}"
    assert policy(access, WEB)["AuthorizationPolicy/cart"]["spec"] == {
        "selector": {"matchLabels": {"app": "cart"}},
        "action": "ALLOW",
        "rules": [
            {
                "from": [
                    {
                        "source": {
                            "principals": [
                                "cluster.local/ns/shop/sa/robot",
                                "cluster.local/ns/ops/sa/probe",
                                "other.domain/ns/a/sa/b",
                            ]
                        }
                    },
                    {"source": {"namespaces": ["monitoring"]}},
                ]
            }
        ],
    }


def test_the_trust_domain_is_that_of_the_mesh() -> None:
    project = PROJECT.replace("native}", "native, meshConfig: {trustDomain: example.org}}")
    rules = policy("{inbound: [{service: web}]}", WEB, project=project)["AuthorizationPolicy/cart"]["spec"]["rules"]
    assert rules[0]["from"][0]["source"]["principals"] == ["example.org/ns/shop/sa/robot"]


def test_an_empty_list_lets_nobody_in_and_an_absent_one_says_nothing() -> None:
    assert "rules" not in policy("{inbound: []}")["AuthorizationPolicy/cart"]["spec"]
    assert "AuthorizationPolicy/cart" not in policy("{outbound: []}")


def test_outbound_is_the_egress_of_a_sidecar() -> None:
    access = "{outbound: [{service: web}, {host: api.example.com}, {namespace: tools}]}"
    assert policy(access, WEB)["Sidecar/cart"]["spec"] == {
        "workloadSelector": {"labels": {"app": "cart"}},
        "egress": [{"hosts": ["shop/web.shop.svc.cluster.local", "*/api.example.com", "tools/*"]}],
    }
    assert policy("{outbound: []}")["Sidecar/cart"]["spec"]["egress"] == [{"hosts": ["~/*"]}]


def test_a_caller_of_another_environment_is_no_stranger() -> None:
    web = WEB + "environments: {prod: {enabled: false}}\n"
    project = PROJECT + "environments: {prod: {}, staging: {}}\n"
    assert told(ONE + "accessPolicy: {inbound: [{service: web}]}\n", web, project=project) == []


def test_a_caller_nobody_knows_is_an_error_with_a_suggestion() -> None:
    found = told(ONE + "accessPolicy: {inbound: [{service: wbe}]}\n", WEB)
    assert [(finding.rule, finding.location.line) for finding in found] == [("unknown-service", 6)]
    assert found[0].help == "did you mean `shop/web`?"


def test_mutual_tls_of_one_service() -> None:
    assert objects(ONE + "mesh: {mtls: PERMISSIVE}\n")["PeerAuthentication/cart"]["spec"] == {
        "selector": {"matchLabels": {"app": "cart"}},
        "mtls": {"mode": "PERMISSIVE"},
    }
