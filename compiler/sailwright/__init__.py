"""Sailwright: one small service.yaml per service in, the exact Kubernetes and Istio manifests that run out."""

__version__ = "0.1.0"
