"""The sidecar in a pod: whether it is injected, which release it has, what it may use."""
