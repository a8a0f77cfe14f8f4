"""`sailwright weight`: move traffic between versions."""

from __future__ import annotations

import click

from sailwright.cli.completing import services
from sailwright.cli.options import Shared, examples, shared_but


@click.command(
    epilog=examples(
        "sailwright weight checkout v2=20 # v1 gets the rest",
        "sailwright weight shop/checkout v1=0 v2=100 --env live # in one environment",
    )
)
@click.argument("service", shell_complete=services)
@click.argument("weights", nargs=-1, required=True, metavar="VERSION=N...")
@click.option("--env", "environment", metavar="N", help="Change the overlay of this environment instead of the base.")
@click.option("--route", metavar="NAME", help="Change this route instead of the default one.")
@click.option(
    "--step",
    type=click.IntRange(1, 100),
    metavar="N",
    help="Refuse to move any weight further than this in one commit.",
)
@click.option("--build", "rendering", is_flag=True, help="Render the change too, as `sailwright build` does.")
@shared_but("--show", "--format formats", "--fail-on", "--allow-empty", "--no-cache", "--color", "-v --verbose")
def command(
    service: str,
    weights: tuple[str, ...],
    environment: str | None,
    route: str | None,
    step: int | None,
    rendering: bool,
    shared: Shared,
) -> int:
    """Change the weights of a service's versions in its service.yaml, and nothing else in the file.

    A version that you do not name keeps its weight. With two versions, the other one gets the rest, so that the sum is 100.
    """
    from sailwright.cli.editing import build_now, project_of, said
    from sailwright.commands.edit.committed_service import committed
    from sailwright.commands.edit.target_service import choose, write
    from sailwright.commands.edit.weights import move
    from sailwright.commands.edit.weights import weights as split

    given = dict(_weight(text) for text in weights)
    if len(given) < len(weights):
        raise click.UsageError("a version is named twice: name each once")
    chosen = choose(project_of(shared), service, environment)
    after = move(chosen, given, route, step, committed(chosen) if step else None)
    old, new = split(chosen.service, route), split((after or chosen).service, route)
    if after:
        write(after)
    label = f"route {route}" if route else "default route"
    changes = [f"{name} {old.get(name, 0)} -> {weight} %" for name, weight in new.items() if old.get(name, 0) != weight]
    said(chosen, f"{label}: " + ", ".join(changes) if changes else "", rendering=rendering)
    return build_now(shared) if rendering else 0


def _weight(text: str) -> tuple[str, int]:
    name, equals, number = text.rpartition("=")
    if not equals or not name or not number.isascii() or not number.isdigit() or int(number) > 100:
        raise click.UsageError(f"{text}: write VERSION=N with N from 0 to 100, such as v2=20")
    return name, int(number)
