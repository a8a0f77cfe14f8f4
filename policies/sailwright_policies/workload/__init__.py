"""Workloads: Deployments and everything else that makes pods, as Kubernetes runs them."""
