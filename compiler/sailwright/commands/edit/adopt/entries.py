"""ServiceEntries as service files with `external`: hosts of another cluster, or of the world."""

from __future__ import annotations

from typing import Any

from sailwright.project.schema.judge import schema
from sailwright.source.manifest import Manifest
from sailwright.source.untyped import items, mapping

Tree = dict[str, Any]
GROUP = "networking.istio.io"
_ASIDE = frozenset(("ports", "exportTo", "resolution"))


def external_words(entry: Manifest) -> Tree | None:
    """`ports`, `external` and `exportTo` for a ServiceEntry; None where service.yaml has no word for something in it."""
    spec = entry.spec
    known = schema("service")["$defs"]["External"]["properties"]
    if spec.keys() - known.keys() - _ASIDE or not items(spec.get("hosts")):
        return None
    ports = [_port(mapping(port)) for port in items(spec.get("ports"))]
    if not ports or any(port is None for port in ports):
        return None
    external = {key: spec[key] for key in known if key in spec}
    external["resolution"] = spec.get("resolution") or "NONE"
    result: Tree = {"ports": ports, "external": external}
    if spec.get("exportTo"):
        result["exportTo"] = spec["exportTo"]
    return result


def _port(port: Tree) -> Tree | None:
    protocols = schema("service")["$defs"]["Port"]["properties"]["appProtocol"]["enum"]
    protocol = str(port.get("protocol") or "").lower()
    if port.keys() - {"number", "name", "protocol", "targetPort"} or protocol not in protocols or protocol == "auto":
        return None
    if not {"number", "name"} <= port.keys():
        return None
    result: Tree = {"name": port["name"], "port": port["number"]}
    if port.get("targetPort", port["number"]) != port["number"]:
        result["targetPort"] = port["targetPort"]
    return {**result, "appProtocol": protocol}
