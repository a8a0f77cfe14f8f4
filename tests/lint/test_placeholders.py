"""A value that is filled in before the apply is one nobody knows: nothing that hangs on it is reported.

Every text of sound objects is replaced, one after the other, by each kind of placeholder; no variant may give an error.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sailwright.cli import main

SOUND = """\
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec:
  selector: {app: cart}
  ports: [{name: http, port: 80, targetPort: 8080, protocol: TCP}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart, version: v1}}
    spec:
      serviceAccountName: cart
      containers: [{name: cart, image: example.com/cart:1, imagePullPolicy: Always, ports: [{containerPort: 8080}]}]
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec:
  host: cart
  trafficPolicy: {loadBalancer: {simple: LEAST_REQUEST}, connectionPool: {tcp: {maxConnections: 5, connectTimeout: 2s}}}
  subsets: [{name: v1, labels: {version: v1}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart.example.com, cart]
  gateways: [shop/public, mesh]
  http:
  - match: [{uri: {prefix: /a}, headers: {x-a: {exact: b}}}]
    timeout: 5s
    retries: {attempts: 2, perTryTimeout: 1s, retryOn: 5xx}
    route: [{destination: {host: cart, subset: v1, port: {number: 80}}, weight: 100}]
  - route: [{destination: {host: cart, subset: v1, port: {number: 80}}}]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: [cart.example.com], tls: {mode: SIMPLE, credentialName: c}}]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  action: ALLOW
  rules:
  - from: [{source: {principals: [cluster.local/ns/shop/sa/web], ipBlocks: [10.0.0.0/8]}}]
    to: [{operation: {methods: [GET], paths: [/a], ports: ["8080"]}}]
"""
PLACEHOLDERS = ("${VALUE}", "$(VALUE)", "{{ value }}", "%VALUE%", "$VALUE", "{THE_VALUE}")


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if items is None:
        yield path
    for key, each in items or ():
        yield from _leaves(each, (*path, key))


def _errors(capsys: pytest.CaptureFixture[str], *argv: str) -> list[tuple[str, int, str, str]]:
    main([*argv, "--format", "json"])
    return [
        (each["location"]["file"], each["location"].get("line"), each["rule"], each["message"])
        for each in json.loads(capsys.readouterr().out)["findings"]
        if each["severity"] == "error"
    ]


@pytest.mark.parametrize("placeholder", PLACEHOLDERS)
def test_no_hole_in_a_sound_object_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], placeholder: str
) -> None:
    monkeypatch.chdir(tmp_path)
    documents = list(yaml.safe_load_all(SOUND))
    for index, document in enumerate(documents):
        for number, path in enumerate(_leaves(document)):
            if path[0] in ("apiVersion", "kind"):
                continue
            holed = copy.deepcopy(documents)
            place = holed[index]
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = placeholder
            folder = tmp_path / f"{index}-{number}"
            folder.mkdir()
            (folder / "in.yaml").write_text(yaml.safe_dump_all(holed))
            assert _errors(capsys, "lint", str(folder)) == [], path
    assert _errors(capsys, "validate", ".", "--backend", "builtin") == []


def _holed(documents: list[Any], places: list[tuple[int, tuple[Any, ...]]], texts: list[str]) -> list[Any]:
    """The documents with a placeholder in some places: in the place of a text, before it or behind it."""
    holed = copy.deepcopy(documents)
    for (index, path), text in zip(places, texts, strict=False):
        place = holed[index]
        for key in path[:-1]:
            place = place[key]
        whole = next(each for each in PLACEHOLDERS if each in text)  # a part of a name would be another name
        place[path[-1]] = whole if path[0] == "metadata" else text.replace("TEXT", str(place[path[-1]]))
    return holed


PLACES = [
    (index, path)
    for index, document in enumerate(yaml.safe_load_all(SOUND))
    for path in _leaves(document)
    if path[0] not in ("apiVersion", "kind")
]
FORMS = [form % text for form in ("%s", "TEXT-%s", "%s-TEXT", "TEXT.%s", "a%sb") for text in PLACEHOLDERS]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    places=st.lists(st.sampled_from(PLACES), min_size=1, max_size=12, unique_by=str),
    texts=st.lists(st.sampled_from(FORMS), min_size=12, max_size=12),
)
def test_any_number_of_holes_in_sound_objects_is_no_error(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    places: list[tuple[int, tuple[Any, ...]]],
    texts: list[str],
) -> None:
    """Whole texts and parts of them; several objects that name one another."""
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "in.yaml"
    file.write_text(yaml.safe_dump_all(_holed(list(yaml.safe_load_all(SOUND)), places, texts)))
    assert _errors(capsys, "lint", str(file)) == []
    assert _errors(capsys, "validate", str(file), "--backend", "builtin") == []


TEMPLATED = ("{{ .Values.x }}", "{{- toYaml .Values.x | nindent 4 }}", "{% if x %}", "#@ data.values.x", "<%= x %>")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(line=st.integers(0, SOUND.count("\n") - 1), text=st.sampled_from(TEMPLATED))
def test_a_template_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: int, text: str
) -> None:
    """A line of a template language among the templates of a chart: the file is skipped, whatever is broken in it."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "chart" / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    (tmp_path / "chart" / "Chart.yaml").write_text("apiVersion: v2\nname: cart\nversion: 1.0.0\n")
    lines = SOUND.splitlines()
    (folder / "in.yaml").write_text("\n".join([*lines[:line], text, *lines[line:]]))
    (tmp_path / "cart.yaml").write_text(SOUND)
    assert _errors(capsys, "lint", str(tmp_path)) == []
    assert _errors(capsys, "lint", str(folder / "in.yaml"), "--allow-empty") == []


def test_a_default_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What Flux puts in where nobody substitutes anything is known, and may be wrong."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.yaml").write_text(SOUND.replace("host: cart, subset: v1", "host: cart, subset: '${S:=v9}'", 1))
    assert [rule for _, _, rule, _ in _errors(capsys, "lint", "in.yaml")] == ["destination-subset-unknown"]
    (tmp_path / "in.yaml").write_text(SOUND.replace("host: cart, subset: v1", "host: cart, subset: '${S:=v1}'", 1))
    assert _errors(capsys, "lint", "in.yaml") == []
