"""Gateways of Istio: servers, certificates, and the pods they select."""
