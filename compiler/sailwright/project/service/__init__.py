"""service.yaml and its overlays: read, checked, and resolved to the Service that one cluster gets."""
