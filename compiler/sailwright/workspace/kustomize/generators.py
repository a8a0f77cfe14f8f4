"""ConfigMaps and Secrets that a kustomization generates, with the hash of their content in their names.

Source: kustomize's generators (api/internal/generators) and hasher (api/hasher).
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sailwright.source.manifest import Manifest, Spot
from sailwright.source.source import Document
from sailwright.source.untyped import entries, mapping, text, texts
from sailwright.workspace.kustomize.pieces import Piece, Trace, map_at

ReadBytes = Callable[[str], bytes | None]
_KINDS = (("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret"))
_UNKNOWN = "$(unknown)"
"""Stands for content that is not here."""


def generate(
    document: Document, value: Mapping[str, Any], pieces: list[Piece], read: ReadBytes, trace: Trace
) -> Iterator[str]:
    """Add what a kustomization generates to its pieces, or merge it into one of them; yields what could not be known."""
    for key, kind in _KINDS:
        for path, generator in entries(value.get(key), (key,)):
            made = _object(kind, generator, mapping(value.get("generatorOptions")), read)
            if _UNKNOWN in mapping(made.get("data")):
                yield f"{key} {text(generator.get('name'))} reads a file that is not here"
            spot = Spot(document, path)
            behavior = generator.get("behavior")
            if behavior in ("merge", "replace"):
                _join(pieces, made, spot, trace, replacing=behavior == "replace")
            else:
                pieces.append(_piece(made, spot, hashed=_hashed(generator, value)))


def _hashed(generator: Mapping[str, Any], value: Mapping[str, Any]) -> bool:
    options = {**mapping(value.get("generatorOptions")), **mapping(generator.get("options"))}
    return options.get("disableNameSuffixHash") is not True


def _piece(made: dict[str, Any], spot: Spot, *, hashed: bool) -> Piece:
    return Piece(made, Manifest(made, spot.document, spot.path), hashed=hashed)


def _join(pieces: list[Piece], made: dict[str, Any], spot: Spot, trace: Trace, *, replacing: bool) -> None:
    """Content for an object that is there."""
    name = made["metadata"]["name"]
    for piece in pieces:
        if piece.kind == made["kind"] and any(name == each for _, each in piece.called):
            for key in ("data", "binaryData"):
                if replacing:
                    piece.value.pop(key, None)
                for field, each in mapping(made.get(key)).items():
                    map_at(piece.value, key)[field] = each
                    trace.put(piece.value[key], field, spot)
            for key in ("labels", "annotations"):
                if pairs := mapping(made["metadata"].get(key)):
                    map_at(piece.metadata, key).update(pairs)


def _object(kind: str, generator: Mapping[str, Any], common: Mapping[str, Any], read: ReadBytes) -> dict[str, Any]:
    made: dict[str, Any] = {"apiVersion": "v1", "kind": kind, "metadata": {"name": text(generator.get("name"))}}
    if namespace := text(generator.get("namespace")):
        made["metadata"]["namespace"] = namespace
    own = mapping(generator.get("options"))
    for key in ("labels", "annotations"):
        if pairs := {**mapping(common.get(key)), **mapping(own.get(key))}:
            made["metadata"][key] = pairs
    if {**common, **own}.get("immutable") is True:
        made["immutable"] = True
    if kind == "Secret":
        made["type"] = text(generator.get("type")) or "Opaque"
    for name, content in _contents(generator, read):
        if content is None:
            map_at(made, "data")[_UNKNOWN] = _UNKNOWN
        elif kind == "Secret":
            map_at(made, "data")[name] = base64.b64encode(content).decode()
        else:
            _store(made, name, content)
    return made


def _store(made: dict[str, Any], name: str, content: bytes) -> None:
    try:
        map_at(made, "data")[name] = content.decode("utf-8")
    except UnicodeDecodeError:
        map_at(made, "binaryData")[name] = base64.b64encode(content).decode()


def _contents(generator: Mapping[str, Any], read: ReadBytes) -> Iterator[tuple[str, bytes | None]]:
    """The keys and their content; None where the file is not here."""
    for each in texts(generator.get("files")):
        key, equals, path = each.rpartition("=")
        yield (key if equals else os.path.basename(path)), read(path)
    for name in (*texts(generator.get("envs")), *([text(generator.get("env"))] if generator.get("env") else [])):
        content = read(name)
        if content is None:
            yield _UNKNOWN, None
        for line in (content or b"").decode("utf-8", "replace").splitlines():
            if (stripped := line.lstrip()) and not stripped.startswith("#"):
                key, _, value = stripped.partition("=")
                yield key, value.encode()
    for each in texts(generator.get("literals")):
        key, _, value = each.partition("=")
        yield key, _unquoted(value).encode()


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value


def name_with_hash(piece: Piece) -> str:
    """The name with the hash of the content, as kustomize writes it."""
    value = piece.value
    content: dict[str, Any] = {"kind": piece.kind, "name": "", "data": value.get("data") or ""}
    if piece.kind == "Secret":
        content["type"] = value.get("type") or ""
        if value.get("stringData"):
            content["stringData"] = value["stringData"]
    elif isinstance(value.get("binaryData"), dict):
        content["binaryData"] = value["binaryData"]
    encoded = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    for sign, code in (
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("&", "\\u0026"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        encoded = encoded.replace(sign, code)
    digest = hashlib.sha256(encoded.encode()).hexdigest()[:10]
    return f"{piece.name}-{digest.translate(str.maketrans('013ae', 'ghkmt'))}"
