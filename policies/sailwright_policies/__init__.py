"""The lint rules, one folder per kind of object, in reading order: the order of `sailwright rules` and of docs/rules.

A list, not a folder scan, so that mypy holds every module to the protocol; a test holds it equal to the folders.
"""

from sailwright.lint.rule import Rule
from sailwright_policies.any_object import ANY_OBJECT
from sailwright_policies.authorization_policy import AUTHORIZATION_POLICY
from sailwright_policies.destination_rule import DESTINATION_RULE
from sailwright_policies.envoy_filter import ENVOY_FILTER
from sailwright_policies.extension import EXTENSION
from sailwright_policies.gateway import GATEWAY
from sailwright_policies.gateway_api import GATEWAY_API
from sailwright_policies.installation import INSTALLATION
from sailwright_policies.namespace import NAMESPACE
from sailwright_policies.peer_authentication import PEER_AUTHENTICATION
from sailwright_policies.project import PROJECT
from sailwright_policies.proxy import PROXY
from sailwright_policies.request_authentication import REQUEST_AUTHENTICATION
from sailwright_policies.service import SERVICE
from sailwright_policies.service_entry import SERVICE_ENTRY
from sailwright_policies.sidecar import SIDECAR
from sailwright_policies.telemetry import TELEMETRY
from sailwright_policies.virtual_service import VIRTUAL_SERVICE
from sailwright_policies.workload import WORKLOAD
from sailwright_policies.workload_entry import WORKLOAD_ENTRY

RULES: list[Rule] = [
    *VIRTUAL_SERVICE,
    *DESTINATION_RULE,
    *GATEWAY,
    *GATEWAY_API,
    *SERVICE,
    *SERVICE_ENTRY,
    *SIDECAR,
    *AUTHORIZATION_POLICY,
    *PEER_AUTHENTICATION,
    *REQUEST_AUTHENTICATION,
    *TELEMETRY,
    *ENVOY_FILTER,
    *EXTENSION,
    *WORKLOAD_ENTRY,
    *NAMESPACE,
    *WORKLOAD,
    *PROXY,
    *PROJECT,
    *INSTALLATION,
    *ANY_OBJECT,
]
