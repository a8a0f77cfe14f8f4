"""`--explain-worlds` of lint, validate, route and test: what is taken to be applied together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sailwright.workspace.selection import Selection

explaining = click.option(
    "--explain-worlds", is_flag=True, help="Print which files are applied together, and check nothing."
)
IN_SAILWRIGHT_YAML = (
    "sailwright: folders that hold the same objects are checked apart: --explain-worlds prints how, and the "
    "sailwright.yaml (`environments`, `manifests`) that says it for good"
)


def explain_worlds(selection: Selection) -> int:
    """Print one line for each unit: what it is, and what is around it where others exclude it; what is skipped, and why; then the project file for it."""
    from sailwright.cli.notes import note, print_line
    from sailwright.workspace.load import load
    from sailwright.workspace.rendered_elsewhere import rendered_elsewhere

    workspace = load(selection)
    for each in workspace.worlds if workspace.project else ():
        print_line(" ".join(filter(None, (each.world.environment, each.world.cluster))) or "the project")
    for line in (*workspace.groups, *rendered_elsewhere(workspace.sources)):
        print_line(line)
    if workspace.as_project:
        print_line("")
        print_line("# what a sailwright.yaml would say:")
    for line in workspace.as_project:
        print_line(line)
    for line in workspace.doubts:
        note(f"sailwright: {line}")
    return 0
