"""`sailwright image`: another image for a version."""

from __future__ import annotations

import click

from sailwright.cli.completing import services
from sailwright.cli.options import Shared, examples, shared_but


@click.command(
    epilog=examples(
        "sailwright image checkout v2=registry.example.com/checkout:1.9.1 # one version",
        "sailwright image shop/checkout v1=registry.example.com/checkout:1.8.3 --env live # in one environment",
    )
)
@click.argument("service", shell_complete=services)
@click.argument("images", nargs=-1, required=True, metavar="VERSION=IMAGE...")
@click.option("--env", "environment", metavar="N", help="Change the overlay of this environment instead of the base.")
@click.option("--build", "rendering", is_flag=True, help="Render the change too, as `sailwright build` does.")
@shared_but("--show", "--format formats", "--fail-on", "--allow-empty", "--no-cache", "--color", "-v --verbose")
def command(service: str, images: tuple[str, ...], environment: str | None, rendering: bool, shared: Shared) -> int:
    """Change the image of a service's version in its service.yaml, and nothing else in the file."""
    from sailwright.cli.editing import build_now, project_of, said
    from sailwright.commands.edit.images import exchange
    from sailwright.commands.edit.images import images as current
    from sailwright.commands.edit.target_service import choose, write

    given = dict(_image(text) for text in images)
    if len(given) < len(images):
        raise click.UsageError("a version is named twice: name each once")
    chosen = choose(project_of(shared), service, environment)
    after = exchange(chosen, given)
    old = current(chosen.service)
    if after:
        write(after)
    said(
        chosen,
        ", ".join(f"{name}: {old[name] or 'no image'} -> {image}" for name, image in given.items()) if after else "",
        rendering=rendering,
    )
    return build_now(shared) if rendering else 0


def _image(text: str) -> tuple[str, str]:
    name, equals, image = text.partition("=")
    if not equals or not name or not image or image.split() != [image]:
        raise click.UsageError(f"{text}: write VERSION=IMAGE, such as v2=registry.example.com/reviews:1.9.0")
    return name, image
