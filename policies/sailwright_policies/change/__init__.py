"""Change: what a pull request does to the running mesh, seen against its base commit."""
