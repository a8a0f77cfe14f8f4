"""The rules of this folder, in reading order."""

from sailwright.lint.rule import Rule
from sailwright_policies.workload_entry import (
    workload_entry_doubtful,
    workload_entry_refused,
    workload_group_account_unknown,
    workload_group_labels_shared,
    workload_group_refused,
)

WORKLOAD_ENTRY: list[Rule] = [
    workload_entry_refused,
    workload_entry_doubtful,
    workload_group_refused,
    workload_group_account_unknown,
    workload_group_labels_shared,
]
