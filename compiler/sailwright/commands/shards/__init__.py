"""`check --shard` and `merge`: one check by several jobs."""
