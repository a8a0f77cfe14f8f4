"""Typed views of manifests: VirtualServices, Services, workloads, each value with its path in the file."""
