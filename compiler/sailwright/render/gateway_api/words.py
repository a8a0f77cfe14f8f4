"""What the Gateway API has no word for: the problems that are found on the way, each at the line of its author."""

from __future__ import annotations

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.mesh.values.gateway_api import WORDS, Bundle, has
from sailwright.project.routing import RoutingSettings
from sailwright.project.service.model import Service
from sailwright.runtime.records import dataclass, field

RULE = "gateway-api-word"
KEEP = "or keep `routing: {api: istio}` for this service"


@dataclass(frozen=True, slots=True)
class Words:
    """What the routes of one service may say. `bundle` is that of its Istio release; `problems` gathers what they cannot."""

    settings: RoutingSettings
    istio: str
    bundle: Bundle
    problems: dict[Problem, None] = field(default_factory=dict)

    def lacks(self, path: Path, what: str, remedy: str, *, key: bool = False) -> None:
        """Note that the Gateway API cannot say what is written at `path`."""
        self.problems[Problem(path, f"the Gateway API {what}", f"{remedy}, {KEEP}", rule=RULE, key=key)] = None

    def differs(self, path: Path, what: str, remedy: str) -> None:
        """Note that the Gateway API says something else by the same word."""
        self.problems[Problem(path, f"the Gateway API {what}", remedy, "warning", "gateway-api-difference")] = None

    def has(self, word: str) -> bool:
        """Whether the cluster's Gateway API has a field or kind."""
        return has(word, self.bundle, self.settings.channel)

    def needs(self, word: str, path: Path, called: str) -> None:
        """Note it where the Gateway API of the chosen Istio release and channel lacks a field or kind."""
        if self.has(word):
            return
        experimental, standard = WORDS[word]
        shown = f"{self.bundle[0]}.{self.bundle[1]}"
        if self.bundle >= experimental:
            since = f" (from {standard[0]}.{standard[1]} on it is in the standard one)" if standard else ""
            what = f"{shown}, which Istio {self.istio} reads, has {called} in its experimental channel only{since}"
            remedy = "set `routing.channel: experimental` where the clusters have the CRDs of that channel"
        else:
            what = f"{shown}, which Istio {self.istio} reads, has no {called}"
            remedy = f"remove it, or move to an Istio with Gateway API {experimental[0]}.{experimental[1]}"
        self.lacks(path, what, remedy)


def whole_gateways(service: Service, words: Words) -> None:
    """Note the listeners of Gateways that a VirtualService is told of: it is bound to a whole Gateway."""
    for listener in service.expose.listeners if service.expose else ():
        for key, value in (("sectionName", listener.section), ("port", listener.port)):
            if value is not None:
                message = f"a VirtualService is bound to a whole Gateway: it has no `{key}`"
                remedy = "remove it, or write `routing: {api: gateway}`"
                words.problems[Problem((*listener.path, key), message, remedy, rule=RULE, key=True)] = None
