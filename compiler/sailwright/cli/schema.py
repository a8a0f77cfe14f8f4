"""`sailwright schema`: the JSON Schemas of our files, for editors and other tools."""

from __future__ import annotations

import click

from sailwright.cli.notes import note, print_line


@click.group()
def command() -> None:
    """Print the schemas of service.yaml and sailwright.yaml, or import those of custom resources."""


@command.command()
def service() -> None:
    """Print the JSON Schema of service.yaml."""
    from sailwright.project.schema.judge import text

    click.echo(text("service"), nl=False)


@command.command()
def project() -> None:
    """Print the JSON Schema of sailwright.yaml."""
    from sailwright.project.schema.judge import text

    click.echo(text("project"), nl=False)


@command.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--project", metavar="DIR", help="The folder of sailwright.yaml. Default: this one, or the nearest above."
)
def import_(files: tuple[str, ...], project: str | None) -> None:
    """Turn CustomResourceDefinitions (a cluster's export, a chart's file, `-`) into schemas of this repository.

    Each kind becomes a small file below `schemas/`, beside sailwright.yaml; list `schemas/*.yaml` there under
    `validate.schemas`, and both backends know the kind.
    """
    from sailwright.source.files.discovery import find_project
    from sailwright.source.files.files import collect
    from sailwright.validate.schemas.importing import import_schemas

    root = find_project(project) or "."
    for imported in import_schemas(collect(files).sources, root):
        print_line(f"{imported.path}: {imported.kind} of {', '.join(imported.api_versions)}")
        for rule in imported.undecided:
            note(f"  not applied by validate: {rule}")
