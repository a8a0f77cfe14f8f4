"""How Go, Envoy and Istio read single values: durations, names, addresses, URLs, regular expressions, protocols."""
