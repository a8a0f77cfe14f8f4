"""ServiceEntries: hosts outside of the cluster, their addresses and ports."""
