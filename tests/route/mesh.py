"""Small meshes for the tests of the simulator."""

from collections.abc import Mapping
from typing import Any

from sailwright.mesh.facts import Facts, Known
from sailwright.mesh.pilot.sidecar_scope import Caller
from sailwright.mesh.world import World
from sailwright.route.request import Request
from sailwright.route.simulator import Simulator
from sailwright.route.sound_simulator import sound_simulator
from sailwright.source.manifest import manifests
from sailwright.source.source import parse

SHOP = Caller("shop", (("app", "client"),))


def world(text: str, mesh_config: Mapping[str, Any] | None = None, istio_version: str = "1.31.0") -> World:
    """The world of one file, which holds all Services there are."""
    facts = Facts(istio_version=istio_version, mesh_config=mesh_config or {}, known=Known(hosts=()))
    return World(manifests(parse("mesh.yaml", text.encode())), facts)


def simulator(text: str, mesh_config: Mapping[str, Any] | None = None, istio_version: str = "1.31.0") -> Simulator:
    """The simulator of one file, which must be sound."""
    return sound_simulator(world(text, mesh_config, istio_version))


def service(name: str, namespace: str = "shop", *ports: str, extra: str = "") -> str:
    """A Service; each port is `NUMBER` (HTTP) or `NUMBER/NAME`."""
    written = "".join(
        f"  - {{name: {name_of or 'http'}-{number}, port: {number}}}\n"
        for number, _, name_of in (port.partition("/") for port in ports or ("80",))
    )
    return f"""---
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: {namespace}}}
spec:
{extra}  ports:
{written}"""


def virtual_service(name: str, spec: str, namespace: str = "shop") -> str:
    """A VirtualService with the YAML of its spec."""
    indented = "".join(f"  {line}\n" for line in spec.strip().splitlines())
    return f"""---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: {name}, namespace: {namespace}}}
spec:
{indented}"""


def destination_rule(name: str, host: str, *subsets: str, namespace: str = "shop", extra: str = "") -> str:
    """A DestinationRule with subsets that select the label `version`."""
    written = "".join(f"  - {{name: {subset}, labels: {{version: {subset}}}}}\n" for subset in subsets)
    return f"""---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  host: {host}
{extra}  subsets:
{written}"""


def ask(mesh: Simulator, authority: str, path: str = "/", caller: Caller = SHOP, **given: Any) -> dict[str, Any]:
    """The answer to a request; the port is 80 unless given."""
    return mesh.answer(caller, Request(given.pop("port", 80), authority, path=path, **given))


def hosts(answer: Mapping[str, Any]) -> list[str]:
    """The destinations of an answer, short: `host:port` or `host:port/subset`."""
    return [
        f"{found['host'].partition('.')[0]}:{found['port']}" + (f"/{found['subset']}" if "subset" in found else "")
        for found in answer["destinations"]
    ]
