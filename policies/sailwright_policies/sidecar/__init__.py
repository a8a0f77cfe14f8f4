"""Sidecars: the resources of the proxy, and settings of a pod that the proxy cannot live with."""
