"""The rules of this folder, in reading order."""

from sailwright.lint.rule import Rule
from sailwright_policies.workload_entry import (
    webhook,
    workload_group_account_unknown,
    workload_group_labels_shared,
)

WORKLOAD_ENTRY: list[Rule] = [
    webhook.WORKLOAD_ENTRY_REFUSED,
    webhook.WORKLOAD_ENTRY_DOUBTFUL,
    webhook.WORKLOAD_GROUP_REFUSED,
    workload_group_account_unknown,
    workload_group_labels_shared,
]
