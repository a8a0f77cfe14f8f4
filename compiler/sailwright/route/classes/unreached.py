"""A part of a VirtualService that no request reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sailwright.runtime.records import dataclass
from sailwright.runtime.regex import regex

if TYPE_CHECKING:
    from sailwright.mesh.pilot.virtual_services import Rule
    from sailwright.route.envoy.route_table import Route

STRANGE = regex(r"[?#%\\]|/\.|^(?!/)")
"""A path that may not be one as Envoy sees it."""


@dataclass(frozen=True, slots=True)
class Unreached:
    """A match entry (the rule itself where `entry` is None) that takes no request.

    `by` is an earlier route that takes all of them; None where several do so together, or where there are no such requests:
    then `never` is true.
    """

    rule: Rule
    entry: int | None
    never: bool
    by: Route | None = None
