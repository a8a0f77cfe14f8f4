"""EnvoyFilters: patches of the proxy's own configuration."""
