"""`sailwright route`: where a request goes, exactly, without a cluster; in each environment where none is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sailwright.cli.explain_worlds import IN_SAILWRIGHT_YAML, explaining
from sailwright.cli.explain_worlds import explain_worlds as print_worlds
from sailwright.cli.notes import note, note_release
from sailwright.cli.options import Shared, examples, shared_but

if TYPE_CHECKING:
    from sailwright.route.request_input import RequestItem

HTTP_METHOD = "GET"
OUTPUTS = ("text", "json")


@click.command(
    epilog=examples(
        "sailwright route --from shop --url http://checkout.shop:8080/pay # who answers, and why",
        "sailwright route --gateway istio-ingress/public --url https://shop.example.com/ # from outside",
        "sailwright route rendered/ --from shop --url tcp://db.shop:5432 # in the manifests of a folder",
    )
)
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
@click.option("-n", "--namespace", "unnamed", metavar="NAME", help="The namespace of objects that name none.")
@click.option("--mesh-config-file", metavar="FILE", help="The MeshConfig; no project file is read then.")
@click.option("--istio-version", metavar="X.Y.Z", help="The release to answer as.")
@explaining
@shared_but("--show", "--fail-on", "--allow-empty", "--color", "-v --verbose", formats=OUTPUTS)
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
    unnamed: str | None,
    mesh_config_file: str | None,
    istio_version: str | None,
    explain_worlds: bool,
    shared: Shared,
) -> int:
    """Show where a request goes, without a cluster.

    The answer is what Envoy does with the configuration that istiod makes from the files: which VirtualService owns
    the host, each rule tried and the condition it failed at, the destinations with their weights, timeout, retries,
    faults, mirrors, and what arrives at the server.
    """
    from sailwright.commands.route import RouteOptions, route
    from sailwright.route.request_input import Asker
    from sailwright.workspace.selection import Selection

    if not explain_worlds and [url is not None, file is not None, explain_hosts].count(True) != 1:
        raise click.UsageError("name one of --url, --requests and --explain-hosts")
    if file == "-" and "-" in paths:
        raise click.UsageError("standard input cannot be both the mesh and the requests")
    note_release(istio_version)
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
        namespace=unnamed,
    )
    if explain_worlds:
        return print_worlds(selection)
    options = RouteOptions(selection, tuple(items), Asker(namespace, labels, gateway), explain_hosts)
    answered = route(options, [output for output, _ in outputs], note)
    if answered.apart:
        note(IN_SAILWRIGHT_YAML)
    for (output, target), text in zip(outputs, answered.texts, strict=True):
        _write(text, output, target)
    return 0


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


def _write(text: str, output: str, target: str | None) -> None:
    """Print, or write to a file; text that people read cannot carry control characters from the input."""
    from sailwright.diagnostics.report.clean import whole_line
    from sailwright.runtime.atomic_file import replace

    if target is None:
        lines = text if output == "json" else "\n".join(whole_line(line) for line in text.split("\n"))
        click.echo(lines)
    else:
        replace(target, f"{text}\n".encode("utf-8", "replace"))
