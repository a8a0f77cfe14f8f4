"""No value can alter the structure around it: whatever stands in a text field comes out as that text and nothing else."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.render.project import HEAD, Files

from sailwright.runtime.cache import open_cache
from sailwright.source.emit import emit, emit_all
from sailwright.source.source import parse
from sailwright.workspace.compile import Compilation, compile_project

PROJECT = "apiVersion: sailwright/v1alpha1\nservices: [s.yaml]\nistio: {version: 1.31.0, sidecarMode: native}\n"

SERVICE: dict[str, Any] = {
    "name": "cart",
    "namespace": "shop",
    "owner": "OWNER",
    "annotations": {"example.com/note": "NOTE"},
    "ports": [{"name": "http", "port": 8080, "appProtocol": "http"}],
    "defaults": {
        "image": "cart",
        "command": ["COMMAND"],
        "args": ["ARGUMENT", "second"],
        "workingDir": "FOLDER",
        "env": [{"name": "A", "value": "VALUE"}],
        "annotations": {"example.com/pod": "POD"},
        "readinessProbe": {
            "httpGet": {"path": "PATH", "port": 8080, "httpHeaders": [{"name": "X", "value": "PROBED"}]}
        },
        "nodeSelector": {"disk": "ssd"},
        "tolerations": [{"key": "TAINT", "operator": "Exists"}],
        "priorityClassName": "PRIORITY",
    },
    "versions": [{"name": "v1", "weight": 60}, {"name": "v2", "weight": 40}],
    "routes": [
        {
            "name": "ROUTE",
            "match": [{"uri": {"prefix": "PREFIX"}, "headers": {"x-user": {"exact": "HEADER"}}}],
            "to": "v2",
            "headers": {"request": {"set": {"x-seen": "SEEN"}}},
            "rewrite": {"uri": "REWRITTEN"},
        }
    ],
    "trafficPolicy": {"loadBalancer": {"consistentHash": {"httpHeaderName": "HASHED"}}},
    "config": {"files": {"app.conf": "app.conf"}},
}
"""A service with a mark in every field that takes any text."""

MARKS = [
    "OWNER", "NOTE", "COMMAND", "ARGUMENT", "FOLDER", "VALUE", "POD", "PATH", "PROBED",
    "TAINT", "PRIORITY", "ROUTE", "PREFIX", "HEADER", "SEEN", "REWRITTEN", "HASHED",
]  # fmt: skip

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1) | st.sampled_from(
    [
        "on", "null", "~", "0123", "1e3", "2001-01-01", "a: b", "- x", "# c", "{{ x }}", "{% if %}", "{{'{{'}}", "---", "...",
        "*a", "&a", "!!str x", "%TAG", "a\nb: c", "a\n---\nkind: Pod", "\ttab", "'", '"', "\\", "[", "{", "|", ">", "\ue0000\ue001",
        "\u2028", "\x85", "line\r\n", " lead", "trail ", "${x}", "$(POD_NAME)", "=", "<<", "\x07", "\ufeff",
    ]
)  # fmt: skip


def rendered(service: dict[str, Any], config: str = "CONFIG", *, injecting: bool = False) -> list[dict[str, Any]]:
    """The documents of the rendered file, read back from its text as kubectl reads them."""
    texts = {"sailwright.yaml": PROJECT, "s.yaml": HEAD + emit(service), "app.conf": config}
    compilation = compile_project(Files(texts), open_cache(), injecting=injecting)
    assert isinstance(compilation, Compilation)
    files = [file for target in compilation.targets for file in compilation.files(target)]
    found = [*compilation.findings, *(finding for file in files for finding in file.findings)]
    assert not [finding for finding in found if finding.severity == "error"], found
    source = parse("rendered.yaml", files[0].data(), "manifest")
    assert source.problems == ()
    values = [document.value for document in source.documents]
    assert values == list(yaml.load_all(files[0].data(), yaml.CSafeLoader)), "YAML 1.1 reads the same"
    assert emit_all(values).encode() == files[0].data().partition(b"\n")[2]
    return values


def shape(value: Any, back: dict[str, str]) -> Any:
    """The structure, with every changed text put back to its mark."""
    if isinstance(value, dict):
        return {key: shape(item, back) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(item, back) for item in value]
    return back.get(value, value) if isinstance(value, str) else value


def replaced(value: Any, mark: str, text: str) -> Any:
    if isinstance(value, dict):
        return {key: replaced(item, mark, text) for key, item in value.items()}
    if isinstance(value, list):
        return [replaced(item, mark, text) for item in value]
    return text if value == mark else value


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(MARKS), texts)
def test_random_text_in_any_text_field_never_changes_the_structure(mark: str, text: str) -> None:
    service = replaced(deepcopy(SERVICE), mark, text)
    found, marked = rendered(service), rendered(SERVICE)
    assert [shape(item, {text: mark}) for item in found] == [shape(item, {text: mark}) for item in marked]
    assert text in _texts(found), "and the text itself comes through, unchanged"


@settings(max_examples=50, deadline=None)
@given(st.sampled_from(MARKS), texts)
def test_nor_does_it_where_a_sidecar_is_put_in(mark: str, text: str) -> None:
    """The sidecar's own texts tell of others (probes, names), so that only the structure is compared."""
    found = rendered(replaced(deepcopy(SERVICE), mark, text), injecting=True)
    assert [bare(item) for item in found] == [bare(item) for item in rendered(SERVICE, injecting=True)]


def bare(value: Any) -> Any:
    """The structure alone: keys, lengths, and the types of what is no text."""
    if isinstance(value, dict):
        return {key: bare(item) for key, item in value.items()}
    if isinstance(value, list):
        return [bare(item) for item in value]
    return type(value).__name__


@settings(max_examples=100, deadline=None)
@given(texts)
def test_config_files_come_through_as_they_are(text: str) -> None:
    found = rendered(SERVICE, text)
    config = next(item for item in found if item["kind"] == "ConfigMap")
    assert config["data"]["app.conf"] == text


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value
