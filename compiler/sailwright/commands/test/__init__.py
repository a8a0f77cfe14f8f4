"""`test`: the `tests:` of service files, sent through the simulated mesh."""
