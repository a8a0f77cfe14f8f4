"""The command line with flags: click reads them, and imports only the module of the command that runs."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import click

from sailwright import __version__
from sailwright.cli.command_names import COMMANDS

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

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


def run_group(arguments: list[str]) -> Any:
    """Run what the arguments ask for; commands return their exit status."""
    return sailwright.main(arguments, prog_name="sailwright", standalone_mode=False)
