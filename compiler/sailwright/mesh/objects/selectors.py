"""Label selectors, and finding what they select without trying each pod."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Generic, TypeVar

from sailwright.source.manifest import Manifest
from sailwright.source.untyped import get, items, labels, mapping, text, texts

T = TypeVar("T")


def selects(selector: Mapping[str, str], target: Mapping[str, str]) -> bool:
    """Whether each label of the selector stands on the target; an empty selector selects everything."""
    return all(target.get(key) == value for key, value in selector.items())


def match_labels(policy: Manifest) -> dict[str, str]:
    """The labels of the workloads that a policy selects (`spec.selector.matchLabels`); empty for all."""
    return labels(get(policy.spec, "selector", "matchLabels"))


def selector_text(selector: Mapping[str, str]) -> str:
    """`a=1,b=2`: a selector as kubectl and Istio write it, sorted."""
    return ",".join(f"{key}={value}" for key, value in sorted(selector.items()))


def label_selector_selects(selector: object, target: Mapping[str, str]) -> bool:
    """Whether a Kubernetes LabelSelector (matchLabels and matchExpressions) selects the target. None selects everything."""
    if selector is None:
        return True
    tree = mapping(selector)
    if not selects(labels(tree.get("matchLabels")), target):
        return False
    return all(_expression_holds(mapping(expression), target) for expression in items(tree.get("matchExpressions")))


def _expression_holds(expression: Mapping[str, Any], target: Mapping[str, str]) -> bool:
    value = target.get(text(expression.get("key")))
    match expression.get("operator"):
        case "In":
            return value is not None and value in texts(expression.get("values"))
        case "NotIn":
            return value is None or value not in texts(expression.get("values"))
        case "Exists":
            return value is not None
        case "DoesNotExist":
            return value is None
    return False


class Labelled(Generic[T]):
    """Things that carry labels, to be asked for by selector. The rarest label of a selector leads to the candidates."""

    def __init__(self, things: Iterable[T], labels_of: Callable[[T], Mapping[str, str]]) -> None:
        self._all = tuple(things)
        self._labels_of = labels_of
        self._by_label: dict[tuple[str, str], list[T]] = {}
        for thing in self._all:
            for label in labels_of(thing).items():
                self._by_label.setdefault(label, []).append(thing)

    def selected(self, selector: Mapping[str, str]) -> tuple[T, ...]:
        """The things that carry each label of the selector, in their own order; all of them for an empty one."""
        if not selector:
            return self._all
        candidates = min((self._by_label.get(label, []) for label in selector.items()), key=len)
        if len(selector) == 1:
            return tuple(candidates)
        return tuple(thing for thing in candidates if selects(selector, self._labels_of(thing)))
