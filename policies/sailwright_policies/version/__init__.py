"""Releases: proxies, control planes, Kubernetes and workload versions that do not go together."""
