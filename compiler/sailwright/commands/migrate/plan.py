"""The plan of a move: what is ready, what blocks and why, and the steps in the order in which they are safe."""

from __future__ import annotations

from typing import Literal

from sailwright.diagnostics.finding import Location
from sailwright.runtime.records import dataclass

State = Literal["done", "ready", "changes", "blocked", "nothing"]
"""`changes`: the step can be made, and some requests are answered otherwise. `nothing`: the move does not concern the service."""
STATES: tuple[State, ...] = ("ready", "changes", "blocked", "done", "nothing")


@dataclass(frozen=True, slots=True)
class Reason:
    """Something to know about a service: why it is blocked, or what the step does besides. `place` is where to look."""

    text: str
    do: str = ""
    place: Location | None = None
    environments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One change to a file: `lines` are what is written, and below which key.

    `proof` are lines of `diff` for it: empty where no request takes another way. `gap` says what is not enforced meanwhile.
    """

    file: str
    lines: tuple[str, ...]
    proof: tuple[str, ...] = ()
    gap: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    """The services that come before it, and why they do is in the plan's notes."""


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """The part of one service: its state, the steps in their order, what blocks it and what else there is to know."""

    service: str
    file: str
    state: State
    steps: tuple[Step, ...] = ()
    blockers: tuple[Reason, ...] = ()
    notes: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole move. `before` is what to do first, outside of the services; `services` are in the order in which they move."""

    to: str
    environment: str | None
    before: tuple[Reason | Step, ...]
    services: tuple[ServicePlan, ...]
    afterwards: tuple[Reason, ...] = ()
    root: str = "."

    def of(self, state: State) -> tuple[ServicePlan, ...]:
        """The services in one state."""
        return tuple(each for each in self.services if each.state == state)
