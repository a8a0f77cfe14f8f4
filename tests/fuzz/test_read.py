"""Reading: whatever the bytes, each document is checked or said to be skipped, and no check breaks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.fuzz.runs import FUZZ, run
from tests.fuzz.samples import objects, services
from tests.fuzz.trees import CHANGES, Change, mutated, texts

from sailwright.source.source import Source, parse
from sailwright.validate.objects import objects as objects_of

SNIPPETS = (
    b"\t", b"\0", b"\x07", b"\x1b[2J", b"\xff", b"\xef\xbb\xbf", b"\xc2\x85", b"\xe2\x80\xa8", b"\r", b"\r\n", b"\n\n", b" ", b"&a ", b"*a",
    b"&a [*a]", b"<<: *a\n", b"<<: 1\n", b"!!binary ", b"!x ", b"? ", b"? [1]\n: 2\n", b"---\n", b"--- ", b"...\n", b"%YAML 1.1\n---\n", b"|\n", b">-\n",
    b"'", b'"', b"\\ud800", b"\\x", b"[", b"{", b"]", b"}", b"[" * 120, b"- " * 120, b"{{ .Values.x }}\n", b"{{- if x }}\n", b"# sailwright: ignore[",
    b"# sailwright: ignore[all] x\n", b"apiVersion: sailwright/v1alpha1\n", b"kind: List\nitems:\n", b"- 1\n", b": ", b"#", b"1e999", b"0x",
    b"a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c]\n",
)  # fmt: skip
EDITS = st.lists(st.tuples(st.integers(0, 9_999), st.integers(0, 40), st.sampled_from(SNIPPETS)), max_size=3)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("read")


@FUZZ
@given(
    chosen=st.lists(st.integers(0, 9_999), min_size=1, max_size=2),
    changes=CHANGES,
    edits=EDITS,
    form=st.sampled_from((0, 0, 0, 1)),
    command=st.sampled_from(("validate", "validate", "lint")),
)
def test_every_document_is_checked_or_skipped(
    folder: Path, chosen: list[int], changes: list[Change], edits: list[tuple[int, int, bytes]], form: int, command: str
) -> None:
    """Samples with changes to their trees, then to their text."""
    pool = (*objects(), *services())
    trees = [mutated(pool[number % len(pool)], changes, pool) for number in chosen]
    data = texts(trees)[form].encode("utf-8", "surrogatepass")
    for place, length, snippet in edits:
        start = place % (len(data) + 1)
        data = data[:start] + snippet + data[start + length :]
    source = parse("a.yaml", data)
    accounted(source)
    (folder / "a.yaml").write_bytes(data)
    backend = ("--backend", "builtin") if command == "validate" else ()
    done = run(folder, command, "a.yaml", "--format", "json", *backend)
    if done.returncode < 2:
        report = json.loads(done.stdout)
        skipped = [each["file"] for each in report["summary"]["skipped"]]
        assert report["summary"]["documents"] == len(source.documents) or skipped == [
            "a.yaml"
        ]  # a template, as a whole
        assert done.returncode == 0 or report["findings"]


def accounted(source: Source) -> None:
    """Each document with anything in it is an object to check, was found wrong, or is named among what is skipped."""
    found = objects_of(source)
    checked = {manifest.document.index for manifest in found.manifests}
    for document in source.documents:
        if document.value is None or source.dialect == "service":
            continue
        skipped = any(f"document {document.index + 1} " in each.reason for each in found.skipped)
        is_empty_list = isinstance(document.value, dict) and document.value.get("items") == []
        assert document.index in checked or skipped or found.findings or is_empty_list, document.value
    if not source.documents:
        assert found.findings or not source.data.strip() or _only_comments(source.text)


def _only_comments(text: str) -> bool:
    lines = (line.strip("\ufeff \t") for line in text.splitlines())
    return all(not line or line.startswith(("#", "%", "---", "...")) for line in lines)
