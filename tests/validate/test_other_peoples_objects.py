"""Objects as public repositories hold them: what is known of them is reported once, what is not known is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sailwright.cli import main
from sailwright.commands.validate.missing_schemas import once_per_kind
from sailwright.diagnostics.finding import Finding, Location
from sailwright.diagnostics.problem import Problem
from sailwright.source.manifest import manifests
from sailwright.source.source import parse
from sailwright.validate.run import Settings, choose_backend, validate
from sailwright.validate.schemas.crd import custom_resources

GATEWAY = """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec:
  gatewayClassName: istio
  addresses: [%s]
  listeners: [{name: http, port: 80, protocol: HTTP}]
"""
ROUTE = """\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: cart, namespace: shop}
spec:
  parentRefs: [{name: public}]
  hostnames: ["%s"]
  rules:
  - matches: [{path: {type: Exact, value: /}}]
    filters: [{type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /a}}}]
    backendRefs: [{name: cart, port: 80}]
"""
SNI = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: api, namespace: shop}
spec:
  hosts: [api.example.com]
  tls: [{match: [{port: 443, %s}], route: [{destination: {host: api.example.com}}]}]
"""


def told(text: str, settings: Settings = Settings()) -> list[tuple[str, str]]:
    """Each finding as (rule, message)."""
    return [(each.rule, each.message) for each in validate(manifests(parse("a.yaml", text.encode())), settings)]


@pytest.mark.parametrize("address", ['{value: "${LB_IP}"}', "{type: IPAddress, value: $LB_IP}", "{value: '{{ ip }}'}"])
def test_an_address_that_is_filled_in_later_may_fit_an_alternative(address: str) -> None:
    assert told(GATEWAY % address) == []


@pytest.mark.parametrize(
    "address", ["{value: 10.0.0.7}", "{value: 'fd00::7'}", "{type: Hostname, value: a.example.com}"]
)
def test_addresses_that_fit_one_alternative(address: str) -> None:
    assert told(GATEWAY % address) == []


@pytest.mark.parametrize("backend", ["builtin", "auto"])
def test_of_alternatives_the_one_for_this_kind_of_object_speaks(backend: Any) -> None:
    """The others are for addresses of another type; and a backend that names formats with digits is read."""
    settings = Settings(kubeconform=choose_backend(backend, None))
    assert told(GATEWAY % "{value: 10.0.0.300}", settings) == [
        ("schema-violation", "expected an IPv4 address or an IPv6 address, found `10.0.0.300`")
    ]


@pytest.mark.parametrize("host", ["cart.example.com", "cart.${DOMAIN}", "$HOST", "%HOST%"])
def test_a_placeholder_hides_no_other_fault_of_its_object(host: str) -> None:
    (found,) = told(ROUTE % host)
    assert found[0] == "schema-rule"
    assert "exactly one PathPrefix match" in found[1]


@pytest.mark.parametrize("value", ["[api.example.com]", "['${HOST}']", "'${HOSTS}'"])
def test_a_key_is_wrong_whatever_is_filled_in_behind_it(value: str) -> None:
    """And the field that it must stand for is not missing besides: one slip is one finding."""
    assert told(SNI % f"sni_hosts: {value}") == [("schema-violation", "there is no field `sni_hosts`")]


def problems(text: str) -> list[Problem]:
    from sailwright.validate.run import judge

    return [
        problem
        for found in judge([each.value for each in manifests(parse("a.yaml", text.encode()))])
        for problem in found
    ]


@pytest.mark.parametrize(
    ("destination", "messages", "remedy"),
    [
        ("{name: cart}", ["there is no field `name`"], "`host` is missing here: is that meant?"),
        ("{hosts: cart}", ["there is no field `hosts`"], "did you mean `host`?"),
        ("{host: cart, name: cart}", ["there is no field `name`"], ""),
        ("{subset: v1}", ["the host is empty"], ""),
        ("{name: cart, ports: 80}", ["`host` is missing", "there is no field `name`", "there is no field `ports`"], ""),
    ],
)
def test_a_field_too_many_and_one_that_is_missing_are_one_slip(
    destination: str, messages: list[str], remedy: str
) -> None:
    text = SNI.replace("{host: api.example.com}", destination) % "sniHosts: [api.example.com]"
    found = problems(text)
    assert [each.message for each in found] == messages
    assert found[0].help == remedy


def definition(*fields: str) -> dict[str, Any]:
    spec = {"type": "object", "properties": {key: {"type": "string"} for key in fields}}
    schema = {"openAPIV3Schema": {"type": "object", "properties": {"spec": spec}}}
    return {
        "spec": {"group": "example.com", "names": {"kind": "Thing"}, "versions": [{"name": "v1", "schema": schema}]}
    }


@pytest.mark.parametrize(("field", "messages"), [("a", []), ("b", []), ("c", ["there is no field `c`"])])
def test_of_two_definitions_of_a_kind_the_cluster_may_have_either(field: str, messages: list[str]) -> None:
    """A repository keeps the standard and the experimental one; what neither knows is wrong."""
    text = f"apiVersion: example.com/v1\nkind: Thing\nmetadata: {{name: x}}\nspec: {{{field}: text}}\n"
    for both in ((definition("a"), definition("a", "b")), (definition("a", "b"), definition("a"))):
        imported = tuple(kind for each in both for kind in custom_resources(each))
        assert [message for _, message in told(text, Settings(imported=imported))] == messages


def missing(file: str, kind: str) -> Finding:
    return Finding("schema-missing", "warning", f"there is no schema for {kind} of example.com/v1", Location(file))


def test_a_kind_without_a_schema_is_reported_once() -> None:
    others = Finding("schema-violation", "error", "`spec` is missing", Location("b.yaml"))
    found = once_per_kind([missing("a.yaml", "Thing"), others, missing("b.yaml", "Thing"), missing("c.yaml", "Cup")])
    assert [(each.location.file, each.message) for each in found] == [
        ("a.yaml", "there is no schema for Thing of example.com/v1: 2 objects of it are not checked"),
        ("b.yaml", "`spec` is missing"),
        ("c.yaml", "there is no schema for Cup of example.com/v1"),
    ]


KUSTOMIZATION = "resources: [%s]\n"
PART = "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: cni}\nspec: {template: {spec: {volumes: []}}}\n"


@pytest.mark.parametrize(
    ("file", "resources", "status"),
    [
        ("cni-patch.yaml", "", 0),
        ("patch-cni.yaml", "", 0),
        ("patches/cni.yaml", "", 0),
        ("cni.patch.yaml", "", 0),
        ("cni_patch.yml", "", 0),
        ("cni.yaml", "", 1),
        ("dispatch.yaml", "", 1),
        ("cni-patch.yaml", "cni-patch.yaml", 1),
        ("patches/cni.yaml", "patches", 1),
    ],
)
def test_a_file_called_a_patch_that_its_kustomization_does_not_take_is_no_object(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, resources: str, status: int
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kustomization.yaml").write_text(KUSTOMIZATION % resources)
    (tmp_path / file).parent.mkdir(exist_ok=True)
    (tmp_path / file).write_text(PART)
    assert main(["validate", ".", "--backend", "builtin"]) == status


def test_without_a_kustomization_a_name_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cni-patch.yaml").write_text(PART)
    assert main(["validate", ".", "--backend", "builtin"]) == 1


@pytest.mark.parametrize(
    ("folder", "status"),
    [
        ("testdata", 0),
        ("expectedfailures", 0),
        ("expected-failures", 0),
        ("invalid-examples", 0),
        ("invalid_manifests", 0),
        ("invalid", 0),
        ("examples", 1),
        ("tests", 1),
        ("invalidation", 1),
    ],
)
def test_folders_whose_names_say_that_they_are_wrong_on_purpose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, status: int
) -> None:
    """One line says that the folder was left out; named itself it is checked."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sound.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "a.yaml").write_text("apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {}\n")
    assert main(["validate", ".", "--backend", "builtin"]) == status
    assert main(["validate", folder, "--backend", "builtin"]) == 1
