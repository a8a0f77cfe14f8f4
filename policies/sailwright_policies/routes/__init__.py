"""Routes: VirtualServices, their matches, weights and destinations."""
