"""`sailwright route`: where a request goes, exactly, without a cluster; in each environment where none is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from sailwright.cli.options import Shared, shared

if TYPE_CHECKING:
    from sailwright.mesh.pilot.sidecar_scope import Caller
    from sailwright.mesh.world import World
    from sailwright.route.request import Request
    from sailwright.route.request_input import Asker, RequestItem
    from sailwright.route.simulator import Simulator

HTTP_METHOD = "GET"
OUTPUTS = ("text", "json")


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATHS...|-]")
@click.option("--from", "namespace", metavar="NAMESPACE", help="The namespace of the calling workload.")
@click.option("--label", "labels", multiple=True, metavar="KEY=VALUE", help="A label of the calling workload.")
@click.option("--gateway", metavar="NAMESPACE/NAME", help="The request comes in at this Gateway instead.")
@click.option("--url", metavar="URL", help="http://HOST[:PORT]/PATH?QUERY, tcp://HOST:PORT or tls://SNI:PORT.")
@click.option("-X", "--method", default=HTTP_METHOD, metavar="METHOD", help="The HTTP method. Default: GET.")
@click.option("-H", "--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="A header of the request.")
@click.option("--requests", "file", metavar="FILE", help="A JSON list of requests instead of --url; `-` is stdin.")
@click.option("--explain-hosts", is_flag=True, help="List the virtual hosts that the caller sees.")
@click.option("--env", "environment", metavar="NAME", help="The environment to look at. Default: all.")
@click.option("--cluster", metavar="NAME", help="The cluster to look at. Default: all.")
@click.option("--mesh-config-file", metavar="FILE", help="The MeshConfig; no project file is read then.")
@click.option("--istio-version", metavar="X.Y.Z", help="The release to answer as.")
@shared
def command(
    paths: tuple[str, ...],
    namespace: str | None,
    labels: tuple[str, ...],
    gateway: str | None,
    url: str | None,
    method: str,
    headers: tuple[str, ...],
    file: str | None,
    explain_hosts: bool,
    environment: str | None,
    cluster: str | None,
    mesh_config_file: str | None,
    istio_version: str | None,
    shared: Shared,
) -> int:
    """Show where a request goes, exactly, without a cluster.

    The answer is what Envoy would do under the configuration that istiod makes of the files: which VirtualService owns
    the host, each rule tried and the condition it failed at, the destinations with their weights, timeout, retries,
    faults, mirrors, and what arrives at the server.
    """
    from sailwright.route.request_input import Asker
    from sailwright.workspace.load import load
    from sailwright.workspace.selection import Selection

    if [url is not None, file is not None, explain_hosts].count(True) != 1:
        raise click.UsageError("name one of --url, --requests and --explain-hosts")
    if file == "-" and "-" in paths:
        raise click.UsageError("standard input cannot be both the mesh and the requests")
    outputs = _outputs(shared)
    items = _items(url, method, headers, file)
    names = ((environment,) if environment else (), (cluster,) if cluster else ())
    selection = Selection(
        paths,
        *names,
        istio_version,
        mesh_config_file,
        project=shared.project,
        cached=not shared.no_cache,
        injecting=False,
        context="mesh",
    )
    worlds = load(selection).sound_worlds()
    asker = Asker(namespace, labels, gateway)
    for output, target in outputs:
        answers: dict[str, list[str]] = {}
        for world in worlds:
            text = _hosts(world, asker, output) if explain_hosts else _answers(world, items, asker, output)
            answers.setdefault(text, []).append(_title(world))
        _write(_by_world(answers, len(worlds), output, "hosts" if explain_hosts else "answers"), output, target)
    return 0


def _title(world: World) -> str:
    return "/".join(part for part in (world.environment, world.cluster) if part)


def _by_world(answers: dict[str, list[str]], worlds: int, output: str, key: str) -> str:
    """The answers of all environments, equal ones once. Those of a single environment are shown as they are."""
    if output == "json":
        lines = ",\n".join(filter(None, _listed(answers, worlds)))
        return f'{{"version": 1, "{key}": [\n{lines}\n]}}'
    if worlds == 1:
        return next(iter(answers))
    return "\n\n".join(f"{', '.join(names)}:\n{text}" for text, names in answers.items())


def _listed(answers: dict[str, list[str]], worlds: int) -> Iterator[str]:
    """The items of a JSON document; of several environments each item names those it is from."""
    import json

    for text, names in answers.items():
        if worlds == 1:
            yield text
        else:
            added = f'"environments": {json.dumps(names)}'
            lines = (line.removeprefix("  {") for line in text.split("\n") if line)
            yield "\n".join(f"  {{{added}, {line}" if line[:1] != "}" else f"  {{{added}{line}" for line in lines)


def _answers(world: World, items: list[RequestItem], flags: Asker, output: str) -> str:
    from sailwright.commands.route import refuse_refused
    from sailwright.route.simulator import sound_simulator

    simulator = sound_simulator(world)
    everyone = _asked(simulator, items, flags)
    refuse_refused(simulator, everyone)
    if output == "json":
        return _items_of_json(simulator.answer(caller, request) for caller, request in everyone)
    return _explained(simulator, everyone)


def _asked(simulator: Simulator, items: list[RequestItem], flags: Asker) -> list[tuple[Caller, Request]]:
    """Each request with its caller: the one that the item names, else the one of the flags."""
    from sailwright.route.callers import caller_of

    known: dict[Asker, Caller] = {}
    found: list[tuple[Caller, Request]] = []
    for item in items:
        asker = item.asker or flags
        if asker not in known:
            known[asker] = caller_of(simulator.push_context, asker.namespace, asker.labels, asker.gateway)
        found.append((known[asker], item.request))
    return found


def _outputs(shared: Shared) -> tuple[tuple[str, str | None], ...]:
    for output, _ in shared.formats:
        if output not in OUTPUTS:
            raise click.UsageError(f"--format {output}: an answer is no finding: choose {' or '.join(OUTPUTS)}")
    return shared.formats or (("text", None),)


def _items(url: str | None, method: str, headers: tuple[str, ...], file: str | None) -> list[RequestItem]:
    from sailwright.route.request_input import RequestItem, from_json, from_url

    if url is not None:
        return [RequestItem(from_url(url, method, headers))]
    if file is None:
        return []
    if method != HTTP_METHOD or headers:
        raise click.UsageError("--method and --header belong to --url; in --requests each request has its own")
    try:
        with click.open_file(file, encoding="utf-8") as stream:
            return from_json(stream.read(), file)
    except FileNotFoundError:
        raise click.UsageError(f"{file}: there is no such file") from None
    except UnicodeDecodeError:
        raise click.UsageError(f"{file}: this is no UTF-8 text") from None


def _hosts(world: World, asker: Asker, output: str) -> str:
    from sailwright.route.callers import caller_of
    from sailwright.route.explain import explain_hosts
    from sailwright.route.simulator import sound_simulator

    simulator = sound_simulator(world)
    caller = caller_of(simulator.push_context, asker.namespace, asker.labels, asker.gateway)
    route_configurations = simulator.route_configurations(caller)
    if output == "json":
        found = (
            {"port": port, "host": host.host, "domains": host.domains, "virtualService": owner and owner.title}
            for port, table in route_configurations
            for host in table.hosts
            for owner in (host.virtual_service,)
        )
        return _items_of_json(found)
    return "\n".join(line for port, table in route_configurations for line in explain_hosts(table, port))


def _explained(simulator: Simulator, everyone: list[tuple[Caller, Request]]) -> str:
    from sailwright.route.explain import explain

    return "\n\n".join("\n".join(explain(simulator, caller, request)) for caller, request in everyone)


def _items_of_json(items: Iterable[dict[str, Any]]) -> str:
    """The items of a JSON document, one per line."""
    import json

    from sailwright.diagnostics.report.clean import json_text

    return ",\n".join(f"  {json_text(json.dumps(item))}" for item in items)


def _write(text: str, output: str, target: str | None) -> None:
    """Print, or write to a file; text that people read cannot carry control characters from the input."""
    from sailwright.diagnostics.report.clean import whole_line
    from sailwright.runtime.atomic_file import replace

    if target is None:
        lines = text if output == "json" else "\n".join(whole_line(line) for line in text.split("\n"))
        click.echo(lines)
    else:
        replace(target, f"{text}\n".encode("utf-8", "replace"))
