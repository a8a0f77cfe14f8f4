"""istiod's push context: which hosts, services and rules a proxy is sent, and from which objects."""
