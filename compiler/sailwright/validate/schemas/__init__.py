"""The schema of each kind: from Kubernetes, from Istio, or from a CustomResourceDefinition."""
