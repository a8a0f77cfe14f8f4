"""Where a request goes, as Envoy configured by istiod would send it, without a cluster."""
