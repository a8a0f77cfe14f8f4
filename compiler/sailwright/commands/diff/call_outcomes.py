"""What becomes of a call on one side of a diff, reduced to what its sender can tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sailwright.commands.diff.compared_callers import Asking
from sailwright.route.classes.http_classes import Scene
from sailwright.route.classes.outcomes import from_answer, told
from sailwright.route.envoy.actions import REFUSED, ROUTE, UNDECIDED
from sailwright.route.request import HTTP, HTTPS, Request
from sailwright.route.simulator import Simulator
from sailwright.route.wording import outcome
from sailwright.runtime.records import dataclass

ANY_POD = "answered by any ready pod"
SHORT = ("403", "cannot decide")
"""What leaves no doubt about where a request went before: then 200 says enough."""


@dataclass(frozen=True, slots=True)
class CallOutcome:
    """`key` is equal where the sender notices no difference; `way` too where it is not sent elsewhere.

    `failure` says how it fails, and is empty where it is answered; `text` says where it goes.
    """

    key: object
    way: object
    failure: str
    text: str


def call_outcome(side: Simulator, asking: Asking, scene: Scene, request: Request, policies: object) -> CallOutcome:
    """The outcome of a request. `policies` is what the policies of the callee say: what is in doubt depends on them."""
    answer = side.answer(asking.caller, request, asking.peers)
    if asking.caller.plain:
        return _plain(answer, policies)
    found = from_answer({key: value for key, value in answer.items() if key != "reason"}, scene.name)
    text = told(found)
    way = (found.kind, tuple(found.shares.items()))
    if answer["kind"] == REFUSED:
        failure = _refused(answer)
        return CallOutcome(("refused", answer.get("status")), way, failure, failure)
    if answer["kind"] != ROUTE:
        return CallOutcome((), way, "", text)
    marks = [_mark(each, policies) for each in answer["destinations"]]
    if not any(marks):
        return CallOutcome((), way, "", text)
    names = [scene.name(each) for each in answer["destinations"]]
    shown = list(dict.fromkeys(mark[0] for mark in marks if mark))
    failure = shown[0] if all(marks) and len(shown) == 1 else _apart(names, marks, request)
    key = tuple((name, mark[1]) for name, mark in zip(names, marks, strict=True) if mark)
    return CallOutcome(key, way, failure, text)


def _plain(answer: Mapping[str, Any], policies: object) -> CallOutcome:
    """What a caller without a proxy notices: whether the pod that kube-proxy picks answers it."""
    noticed = (answer["kind"], answer.get("status"))
    if answer["kind"] != ROUTE:
        text = outcome(answer)
        return CallOutcome(("doubt", policies) if answer["kind"] == UNDECIDED else noticed, noticed, text, text)
    doubt = next((each["doubt"] for each in answer["destinations"] if each.get("doubt")), None)
    if doubt is not None:
        return CallOutcome(("doubt", policies), noticed, f"cannot decide ({doubt['by']})", ANY_POD)
    return CallOutcome((), noticed, "", ANY_POD)


def _apart(names: list[str], marks: list[tuple[str, object] | None], request: Request) -> str:
    answered = "200" if request.scheme in (HTTP, HTTPS) else "let in"
    return ", ".join(f"{name} {mark[0] if mark else answered}" for name, mark in zip(names, marks, strict=True))


def _refused(answer: Mapping[str, Any]) -> str:
    status, by = answer.get("status"), answer.get("refusedBy", "")
    return f"{status or 'refused'} by {by}" if by else outcome(answer)


def _mark(destination: Mapping[str, Any], policies: object) -> tuple[str, object] | None:
    """How a destination fails: in words, and as what is compared; None where it answers."""
    if destination.get("unready"):
        return f"503 (no ready pod: {destination['unready']})", "503"
    if destination.get("refused"):
        refused = destination["refused"]
        return f"{refused['status']} by {refused['by']}", str(refused["status"])
    if destination.get("doubt"):
        return f"cannot decide ({destination['doubt']['by']})", ("doubt", policies)
    return None


def changed(one: CallOutcome, other: CallOutcome, request: Request, *, with_way: bool) -> str:
    """What changes for the sender, as `200 -> 403 by AuthorizationPolicy shop/pay`; empty where nothing does."""
    if one.key == other.key and (one.failure or one.way == other.way or not with_way):
        return ""
    answered = "200" if request.scheme in (HTTP, HTTPS) else "let in"
    failures = one.failure + other.failure
    texts = [
        each.failure or (answered if each.text != ANY_POD and any(word in failures for word in SHORT) else each.text)
        for each in (one, other)
    ]
    if texts[0] == texts[1]:
        return f"may change: {texts[0]}"
    return " -> ".join(texts)
