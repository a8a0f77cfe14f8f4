"""The rules of this folder, in reading order."""

from sailwright.lint.rule import Rule
from sailwright_policies.telemetry import (
    lightstep_provider,
    telemetry_attribute_on_tcp,
    telemetry_conflict,
    telemetry_default_conflict,
    telemetry_provider_missing,
    telemetry_selects_nothing,
    webhook,
)

TELEMETRY: list[Rule] = [
    telemetry_selects_nothing,
    telemetry_conflict,
    telemetry_default_conflict,
    telemetry_provider_missing,
    lightstep_provider,
    webhook.TELEMETRY_REFUSED,
    webhook.TELEMETRY_DOUBTFUL,
    telemetry_attribute_on_tcp,
]
