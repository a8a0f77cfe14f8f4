"""kubeconform as a backend: https://github.com/yannh/kubeconform."""
