"""Sidecar resources: which clients they select and what those can reach."""
