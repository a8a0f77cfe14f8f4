"""What a rendering rests on besides its own service: the names that it asked for, and what it was told of them."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from sailwright.render.look_up import ALL
from sailwright.render.render_context import RenderContext


def answers(context: RenderContext, asked: Iterable[str]) -> str:
    """A digest of all that a cluster answers to these questions: with the same digest, the same is rendered."""
    found = [_everything(context) if name == ALL else _one(context, name) for name in sorted(asked)]
    return sha256(repr(found).encode("utf-8", "surrogatepass")).hexdigest()


def _one(context: RenderContext, name: str) -> tuple[Any, ...]:
    namespace, _, rest = name.partition("/")
    return (
        name,
        context.neighbours.values.get(name),
        context.ports.values.get(name),
        name in context.everywhere.values,
        context.owners.get(name),
        context.accounts.get(namespace, {}).get(rest),
        context.files.get(namespace, {}).get(rest),
    )


def _everything(context: RenderContext) -> tuple[Any, ...]:
    """All names that there are."""
    return (
        sorted(context.neighbours.values),
        sorted(context.ports.values),
        sorted(context.everywhere.values),
        sorted(context.owners),
        [(namespace, sorted(names)) for namespace, names in sorted(context.accounts.items())],
        [(namespace, sorted(names)) for namespace, names in sorted(context.files.items())],
    )
