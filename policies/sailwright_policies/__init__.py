"""The lint rules, in reading order: the order of `sailwright rules` and of docs/rules.

A list, not a folder scan, so that mypy holds every module to the protocol; a test holds it equal to the folders.
"""

from sailwright.lint.rule import Rule
from sailwright_policies.change import selector_changed, subset_removed_while_routed, version_born_with_weight
from sailwright_policies.deprecated import DEPRECATED
from sailwright_policies.gateway import GATEWAY
from sailwright_policies.injection import INJECTION
from sailwright_policies.istio import ISTIO
from sailwright_policies.mtls import MTLS
from sailwright_policies.route import ROUTE
from sailwright_policies.routes import ROUTES
from sailwright_policies.schema import SCHEMA
from sailwright_policies.sidecar import SIDECAR
from sailwright_policies.tcp import TCP
from sailwright_policies.traffic import TRAFFIC
from sailwright_policies.version import VERSION
from sailwright_policies.webhook import WEBHOOK
from sailwright_policies.workload import WORKLOAD

RULES: list[Rule] = [
    *ROUTES,
    *ROUTE,
    selector_changed,
    subset_removed_while_routed,
    version_born_with_weight,
    *ISTIO,
    *SCHEMA,
    *WEBHOOK,
    *TRAFFIC,
    *TCP,
    *MTLS,
    *GATEWAY,
    *WORKLOAD,
    *SIDECAR,
    *INJECTION,
    *VERSION,
    *DEPRECATED,
]
