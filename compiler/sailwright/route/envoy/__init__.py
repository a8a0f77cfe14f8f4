"""The parts of an Envoy proxy that decide about a request: listeners, filter chains, route tables, actions."""
