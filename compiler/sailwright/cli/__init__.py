"""The command line: flags in, exit statuses out. One thin module per command, imported only when it is called.

Floor 8. In: arguments. Out: options for the command of the same name in `commands`, then its report on standard output.
Begin with `COMMANDS` below, then lint.py; boundary.py turns failures into one line and an exit status.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import click

from sailwright import __version__

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "build": "Compile the service files into the manifests that will run.",
    "lint": "Check service files and manifests: what is wrong, where, and what to do.",
    "validate": "Find what the API server or Istio's webhook would refuse.",
    "inject": "Add the Istio sidecar to any workload, offline.",
    "diff": "Report what a pull request changes: versions, weights, routes, traffic.",
    "route": "Show where a request goes, without a cluster.",
    "test": "Run the `tests:` of the service files against the simulated mesh.",
    "check": "Run all checks of a pull request: lint, test, build --check and validate.",
    "merge": "Report the results of `check` jobs that each checked a share of the services.",
    "upgrade-check": "Report what a new release of Istio changes, per service.",
    "migrate": "Plan the move to the Gateway API or to ambient mode, service by service.",
    "weight": "Change the weights of a service's versions in its service.yaml.",
    "image": "Change the image of a service's version in its service.yaml.",
    "init": "Start a repository, or write service files for existing manifests.",
    "adopt": "Write service files for existing manifests, and verify that no request moves.",
    "eject": "Write plain manifests of a service, to maintain it without Sailwright.",
    "new": "Add a service.",
    "rules": "List the lint rules.",
    "explain": "Explain a lint rule, with examples.",
    "doctor": "Report the program, project, tools and caches that Sailwright finds.",
    "cache": "Report what is kept between runs and how large it is, or remove it.",
    "completion": "Print the completion script of bash, zsh or fish.",
    "schema": "Print the schemas of service.yaml and sailwright.yaml, or import those of custom resources.",
}


_NEIGHBOURS = {
    **dict.fromkeys(("render", "compile", "generate", "apply", "deploy"), "build"),
    "template": "build --stdout",
    "analyze": "lint",
    "kube-inject": "inject",
    "verify": "check",
    "fmt": "lint --fix",
    "import": "init --from",
    "canary": "weight",
    "create": "new",
    "upgrade": "upgrade-check",
    "precheck": "upgrade-check",
}
"""Commands of neighbouring tools, and ours for the same wish."""


class _Commands(click.Group):
    """A click group that knows its commands' names and imports only the one that runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"sailwright.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and not args[0].startswith("-") and args[0] not in COMMANDS:
            from difflib import get_close_matches

            near = _NEIGHBOURS.get(args[0]) or next(iter(get_close_matches(args[0], COMMANDS, 1)), "")
            hint = f": did you mean `{near}`?" if near else ""
            raise click.UsageError(f"there is no command `{args[0]}`{hint}")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        from click.shell_completion import CompletionItem

        return [CompletionItem(name, help=text) for name, text in COMMANDS.items() if name.startswith(incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, message="sailwright %(version)s")
def sailwright() -> None:
    """The GitOps compiler and linter for Istio.

    One small service.yaml per service compiles into the exact Kubernetes and Istio manifests that will run, sidecar
    included; every pull request gets a report of errors and of the traffic that it changes.
    """


def main(arguments: list[str]) -> int:
    """Run one command; the exit status, whatever happens: never a traceback."""
    from sailwright.cli.boundary import guarded

    return guarded(sailwright, arguments)
