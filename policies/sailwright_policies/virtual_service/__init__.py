"""VirtualServices: where they send, what they match, in which order, and what a split needs."""
