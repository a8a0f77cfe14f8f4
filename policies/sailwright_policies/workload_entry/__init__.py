"""WorkloadEntries and WorkloadGroups: machines outside of the cluster."""
