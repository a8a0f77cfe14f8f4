"""`loadBalancer` of a traffic policy: consistent hashing, locality, warm-up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isqrt

from sailwright.diagnostics.finding import Path
from sailwright.diagnostics.problem import Problem
from sailwright.mesh.values.duration import duration_fault
from sailwright.validate.webhook_checks.subject import Message, error, warning

_TOPOLOGY = ("topology.kubernetes.io/region", "topology.kubernetes.io/zone", "topology.istio.io/subzone")
_MAGLEV_LIMIT = 5_000_011


def load_balancer(settings: Message | None, outlier_detection: bool, path: Path) -> Iterator[Problem]:
    """`outlier_detection`: the policy around has one, without which failover never happens."""
    if settings is None:
        return
    if "consistentHash" in settings:
        yield from _consistent_hash(settings["consistentHash"], (*path, "consistentHash"))
    locality, zone_aware = settings.get("localityLbSetting"), settings.get("zoneAwareLbSetting")
    if locality is not None and zone_aware is not None:
        yield error(path, "localityLbSetting and zoneAwareLbSetting exclude each other")
    yield from _locality(locality, outlier_detection, (*path, "localityLbSetting"))
    yield from _zone_aware(zone_aware, outlier_detection, (*path, "zoneAwareLbSetting"))
    if "warmup" in settings:
        yield from _warmup(settings["warmup"], (*path, "warmup"))


def _consistent_hash(hashing: Message, path: Path) -> Iterator[Problem]:
    cookie = hashing.get("httpCookie")
    if cookie is not None:
        yield from _cookie(cookie, (*path, "httpCookie"))
    if hashing.get("minimumRingSize"):
        where = (*path, "minimumRingSize")
        yield warning(where, "minimumRingSize is deprecated: use ringHash.minimumRingSize")
        if "ringHash" in hashing or "maglev" in hashing:
            yield error(where, "minimumRingSize excludes ringHash and maglev")
    if "maglev" in hashing:
        yield from _maglev(hashing["maglev"].get("tableSize", 0), (*path, "maglev", "tableSize"))


def _cookie(cookie: Message, path: Path) -> Iterator[Problem]:
    if not cookie.get("name"):
        yield error(path, "httpCookie needs a name")
    names: set[str] = set()
    for place, attribute in enumerate(cookie.get("attributes", ())):
        name = attribute.get("name", "")
        if not name:
            yield error((*path, "attributes", place), "a cookie attribute needs a name")
        elif name in names:
            yield error((*path, "attributes", place, "name"), f"two cookie attributes are named '{name}'")
        names.add(name)


def _maglev(size: int, path: Path) -> Iterator[Problem]:
    if size == 0:
        yield error(path, "maglev needs a tableSize")
    if size >= _MAGLEV_LIMIT:
        yield error(path, f"maglev's tableSize must be below {_MAGLEV_LIMIT}")
    if size < _MAGLEV_LIMIT and not _is_prime(size):
        yield error(path, f"maglev's tableSize must be a prime number, {size} is not")


def _is_prime(number: int) -> bool:
    """As Envoy tests it, which takes 1 for a prime."""
    if number < 4:
        return number > 0
    return number % 2 == 1 and all(number % factor for factor in range(3, isqrt(number) + 1, 2))


def _locality(setting: Message | None, outlier_detection: bool, path: Path) -> Iterator[Problem]:
    if setting is None:
        return
    distribute, failover = setting.get("distribute", ()), setting.get("failover", ())
    priorities = setting.get("failoverPriority", ())
    if distribute and failover:
        yield error(path, "distribute and failover exclude each other")
        return
    for place, label in enumerate(priorities if failover else ()):
        if label in _TOPOLOGY:
            yield error((*path, "failoverPriority", place), f"failover excludes '{label}' in failoverPriority")
            return
    for place, share in enumerate(distribute):
        where = (*path, "distribute", place, "to")
        if fault := _weights_fault(share.get("to", {})):
            yield error(where, fault)
            return
        if fault := _overlap_fault(share.get("to", {})):
            yield error(where, fault)
    if fault := _overlap_fault(share.get("from", "") for share in distribute):
        yield error((*path, "distribute"), fault)
    yield from _failover(failover, priorities, outlier_detection, path)


def _weights_fault(shares: Message) -> str | None:
    for weight in shares.values():
        if not 1 <= weight <= 100:
            return "a locality's weight is outside 1..100"
    total = sum(shares.values())
    return None if total == 100 else f"the weights sum to {total}, not to 100"


def _failover(
    failover: Iterable[Message], priorities: Iterable[str], outlier_detection: bool, path: Path
) -> Iterator[Problem]:
    if (failover or priorities) and not outlier_detection:
        yield warning(path, "failover happens only with an outlierDetection in the same policy")
    for place, move in enumerate(failover):
        where, origin, target = (*path, "failover", place), move.get("from", ""), move.get("to", "")
        if origin == target:
            yield error(where, "failover must lead to another region")
        if "/" in origin or "/" in target:
            yield error(where, "failover is between regions: no '/zone'")
        if "*" in origin or "*" in target:
            yield error(where, "failover is between regions by name: no '*'")


def _zone_aware(setting: Message | None, outlier_detection: bool, path: Path) -> Iterator[Problem]:
    if setting is None:
        return
    priorities = setting.get("failoverPriority", ())
    for place, label in enumerate(priorities):
        if label.partition("=")[0] in _TOPOLOGY:
            yield error(
                (*path, "failoverPriority", place), f"zone-aware balancing excludes '{label}' in failoverPriority"
            )
    yield from _failover(setting.get("failover", ()), priorities, outlier_detection, path)


def _overlap_fault(localities: Iterable[str]) -> str | None:
    """Localities are region, region/zone or region/zone/subzone; none may contain another."""
    seen: list[tuple[str, ...]] = []
    for locality in localities:
        if "*" in locality and (locality.count("*") > 1 or not locality.endswith("*")):
            return f"'{locality}': one '*' at the end is allowed"
        parts = tuple(locality.split("/", 2))
        if ("*",) in seen:
            return f"'{locality}' overlaps another locality"
        if not all(parts):
            return f"'{locality}' has an empty region, zone or subzone"
        for other in seen:
            same_subzone = len(parts) == 3 == len(other)
            if not same_subzone and all(mine == theirs for mine, theirs in zip(parts, other, strict=False)):
                return f"'{locality}' overlaps another locality"
        seen.append(parts)
    return None


def _warmup(warmup: Message, path: Path) -> Iterator[Problem]:
    if "duration" not in warmup:
        yield error(path, "warmup needs a duration")
    elif fault := duration_fault(warmup["duration"]):
        yield error((*path, "duration"), fault)
    if warmup.get("minimumPercent", 0) > 100:
        yield error((*path, "minimumPercent"), "minimumPercent is above 100")
    if "aggression" in warmup and warmup["aggression"] <= 0:
        yield error((*path, "aggression"), "aggression must be above 0")
