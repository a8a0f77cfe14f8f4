"""PeerAuthentications: mutual TLS of workloads and ports."""
