"""`sailwright completion`: what a shell needs to complete our commands, options and names."""

from __future__ import annotations

import click

from sailwright.cli.options import examples


@click.command(
    epilog=examples(
        "sailwright completion bash > ~/.local/share/bash-completion/completions/sailwright # bash",
        "sailwright completion zsh > ~/.zfunc/_sailwright # zsh, with ~/.zfunc in fpath",
        "sailwright completion fish > ~/.config/fish/completions/sailwright.fish # fish",
    )
)
@click.argument("shell", type=click.Choice(("bash", "zsh", "fish")))
def command(shell: str) -> int:
    """Print the completion script of a shell; save it where the shell looks for completion scripts."""
    from click.shell_completion import ShellComplete, get_completion_class

    from sailwright.cli.group import sailwright

    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"{shell}: there is no completion for this shell")
    script = ShellComplete.source(found(sailwright, {}, "sailwright", "_SAILWRIGHT_COMPLETE"))
    click.echo(script, nl=False)
    return 0
