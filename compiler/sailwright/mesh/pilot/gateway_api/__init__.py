"""The Gateway API as istiod reads it: Gateways and routes, turned into its own configuration."""
