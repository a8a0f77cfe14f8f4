"""AuthorizationPolicies: whom they let in, and on what a condition rests."""
