"""Kubernetes' Gateway API: Gateways, routes, parents, grants and their versions."""
