"""A plan as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sailwright.commands.migrate.plan import STATES, Plan, Reason, ServicePlan, State, Step
from sailwright.diagnostics.counted import counted
from sailwright.diagnostics.finding import Location
from sailwright.diagnostics.report.places import from_here

_SAYING: dict[State, str] = {
    "ready": "ready: no request is routed or answered differently",
    "changes": "ready, with changes: some requests are routed or answered differently",
}
MOST_LINES = 8
"""Lines of `diff` that the text shows for one step; JSON has them all."""


def as_text(plan: Plan) -> str:
    """What comes first, then the services by state, each in the order in which it moves."""
    return "".join(f"{line}\n" for line in _text(plan))


def _text(plan: Plan) -> Iterator[str]:
    where = f" in {plan.environment}" if plan.environment else ""
    if not plan.services:
        yield f"to {plan.to}{where}: there are no services in the project: nothing to move"
        return
    yield f"to {plan.to}{where}: nothing was written; each step is one change, to be committed and rolled out before the next"
    if plan.before:
        yield from ("", "first")
        for thing in plan.before:
            yield from _step(thing, plan.root) if isinstance(thing, Step) else _reason(thing, plan.root)
    steps = [each for each in plan.services if each.state in _SAYING]
    if steps:
        yield from ("", "steps, in this order")
    for number, each in enumerate(steps, start=1):
        yield from _service(each, plan.root, f"{number}. ", f": {_SAYING[each.state]}")
    if plan.of("blocked"):
        yield from ("", "blocked")
    for each in plan.of("blocked"):
        yield from _service(each, plan.root)
    for state, heading in (("done", "done"), ("nothing", "nothing to do")):
        found = [each.service for each in plan.services if each.state == state]
        if found:
            yield from ("", heading, f"  {', '.join(found)}")
    if plan.afterwards:
        yield from ("", "afterwards")
        for reason in plan.afterwards:
            yield from _reason(reason, plan.root)
    counts = [(len(plan.of(state)), word) for state, word in zip(STATES, _WORDS, strict=True)]
    yield ""
    yield f"{counted(len(plan.services), 'service')}: {', '.join(f'{count} {word}' for count, word in counts if count)}"


_WORDS = ("ready", "ready with changes", "blocked", "done", "with nothing to do")


def _service(each: ServicePlan, root: str, number: str = "", saying: str = "") -> Iterator[str]:
    yield f"  {number}{each.service}  ({from_here(each.file, root)}){saying}"
    for reason in each.blockers:
        yield from _reason(reason, root, "    ", "because ")
    for step in each.steps:
        yield from _step(step, root, "    ")
    for reason in each.notes:
        yield from _reason(reason, root, "    ", "note: ")


def _step(step: Step, root: str, indent: str = "  ") -> Iterator[str]:
    yield f"{indent}write into {from_here(step.file, root)}:"
    yield from (f"{indent}  {line}" for line in step.lines)
    if step.after:
        yield f"{indent}after: {', '.join(step.after)}"
    yield from (f"{indent}diff: {line}" for line in step.proof[:MOST_LINES])
    if len(step.proof) > MOST_LINES:
        yield f"{indent}diff: and {len(step.proof) - MOST_LINES} more lines (--format json has them)"
    yield from (f"{indent}gap: {line}" for line in step.gap)


def _reason(reason: Reason, root: str, indent: str = "  ", label: str = "") -> Iterator[str]:
    place = f"{from_here(reason.place.file, root)}:{reason.place.line}: " if reason.place else ""
    environments = f"  [{', '.join(reason.environments)}]" if reason.environments else ""
    yield f"{indent}{label}{place}{reason.text}{environments}"
    if reason.do:
        yield f"{indent}  do: {reason.do}"


def as_json(plan: Plan) -> str:
    """Everything, in the same order."""
    import json

    from sailwright.diagnostics.report.clean import json_text

    document = {
        "version": 1,
        "to": plan.to,
        "environment": plan.environment,
        "first": [_data(each, plan.root) for each in plan.before],
        "services": [
            {
                "service": each.service,
                "file": from_here(each.file, plan.root),
                "state": each.state,
                "steps": [_data(step, plan.root) for step in each.steps],
                "blockers": _all(each.blockers, plan.root),
                "notes": _all(each.notes, plan.root),
            }
            for each in plan.services
        ],
        "afterwards": _all(plan.afterwards, plan.root),
    }
    return json_text(json.dumps(document, indent=2)) + "\n"


def _all(reasons: Iterable[Reason], root: str) -> list[dict[str, Any]]:
    return [_data(reason, root) for reason in reasons]


def _data(each: Reason | Step, root: str) -> dict[str, Any]:
    if isinstance(each, Step):
        return {
            "file": from_here(each.file, root),
            "lines": list(each.lines),
            "diff": list(each.proof),
            "gap": list(each.gap),
            "after": list(each.after),
        }
    place = {"location": _location(each.place, root)} if each.place else {}
    return {"message": each.text, "help": each.do, "environments": list(each.environments), **place}


def _location(place: Location, root: str) -> dict[str, Any]:
    return {"file": from_here(place.file, root), "line": place.line, "column": place.column}
