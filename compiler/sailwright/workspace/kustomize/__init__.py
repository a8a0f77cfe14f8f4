"""Kustomizations: found, read as `kustomize build` would make them, or built by the program where it is installed."""
