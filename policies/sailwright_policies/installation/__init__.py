"""Istio's own installation: webhooks, definitions, networks."""
