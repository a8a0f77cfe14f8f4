"""Every rule, in reading order: a list, not a folder scan, so that mypy holds each module to the protocol."""

from sailwright.lint.rule import Rule
from sailwright_policies.ambient._rules import AMBIENT
from sailwright_policies.any_object._rules import ANY_OBJECT
from sailwright_policies.authorization_policy._rules import AUTHORIZATION_POLICY
from sailwright_policies.destination_rule._rules import DESTINATION_RULE
from sailwright_policies.envoy_filter._rules import ENVOY_FILTER
from sailwright_policies.extension._rules import EXTENSION
from sailwright_policies.gateway._rules import GATEWAY
from sailwright_policies.gateway_api._rules import GATEWAY_API
from sailwright_policies.installation._rules import INSTALLATION
from sailwright_policies.namespace._rules import NAMESPACE
from sailwright_policies.peer_authentication._rules import PEER_AUTHENTICATION
from sailwright_policies.project._rules import PROJECT
from sailwright_policies.proxy._rules import PROXY
from sailwright_policies.request_authentication._rules import REQUEST_AUTHENTICATION
from sailwright_policies.service._rules import SERVICE
from sailwright_policies.service_entry._rules import SERVICE_ENTRY
from sailwright_policies.sidecar._rules import SIDECAR
from sailwright_policies.telemetry._rules import TELEMETRY
from sailwright_policies.virtual_service._rules import VIRTUAL_SERVICE
from sailwright_policies.workload._rules import WORKLOAD
from sailwright_policies.workload_entry._rules import WORKLOAD_ENTRY

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
    *AMBIENT,
    *PROJECT,
    *INSTALLATION,
    *ANY_OBJECT,
]
