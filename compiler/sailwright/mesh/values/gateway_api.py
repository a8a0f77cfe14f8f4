"""Which bundle of the Gateway API an Istio release is built with, and the bundle from which on a channel has a field or kind.

Sources: Istio's changes that took in a bundle: 1.2 before 1.24 (istio/istio#53415), 1.3 for 1.26 (#56310), 1.4 for 1.28 (#57873), 1.5 for
1.30 (#59221, #59299). Between them the minor of the bundle is taken to be that of the release before. Istio's main branch requires 1.6 since
the summer of 2026; for 1.31 the older 1.5 is assumed. The CustomResourceDefinitions of each bundle are in `validate/schemas/gateway_api`
(compared by `tests/validate/test_gateway_api_words.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sailwright.mesh.values.releases import release_numbers

GROUP: Final = "gateway.networking.k8s.io"

Bundle = tuple[int, int]
"""The minor of a bundle: 1.4 is (1, 4)."""

_OF_ISTIO: Final[Mapping[tuple[int, int], Bundle]] = {
    (1, 24): (1, 2),
    (1, 25): (1, 2),
    (1, 26): (1, 3),
    (1, 27): (1, 3),
    (1, 28): (1, 4),
    (1, 29): (1, 4),
    (1, 30): (1, 5),
    (1, 31): (1, 5),
}

WORDS: Final[Mapping[str, tuple[Bundle, Bundle | None]]] = {
    "HTTPRoute.rules.name": ((1, 2), (1, 4)),
    "HTTPRoute.rules.timeouts": ((1, 1), (1, 2)),
    "HTTPRoute.rules.retry": ((1, 2), (1, 7)),
    "HTTPRoute.rules.filters.requestMirror.fraction": ((1, 2), (1, 3)),
    "HTTPRoute.rules.filters.requestRedirect.statusCode": ((1, 5), (1, 5)),
    "GRPCRoute.rules.name": ((1, 2), (1, 6)),
    "GRPCRoute.rules.filters.requestMirror.fraction": ((1, 2), (1, 3)),
    "TCPRoute": ((1, 1), (1, 7)),
    "TLSRoute": ((1, 1), (1, 5)),
}
"""By field or kind: the first bundle whose experimental channel has it, and the first whose standard channel does.

`requestRedirect.statusCode` stands for the codes 303, 307 and 308.
"""

TLS_ROUTE_STABLE: Final[Bundle] = (1, 5)
"""The first bundle that serves TLSRoute as v1."""


def bundle_of(istio: str) -> Bundle:
    """The bundle that an Istio release is built with; the newest known one for a release that is not known.

    >>> bundle_of("1.28.3"), bundle_of("1.99.0")
    ((1, 4), (1, 5))
    """
    numbers = release_numbers(istio)
    return _OF_ISTIO.get((numbers[0], numbers[1]) if len(numbers) > 1 else (0, 0), max(_OF_ISTIO.values()))


def has(word: str, bundle: Bundle, channel: str) -> bool:
    """Whether a channel of a bundle has a field or kind."""
    experimental, standard = WORDS[word]
    first = experimental if channel == "experimental" else standard
    return first is not None and bundle >= first
