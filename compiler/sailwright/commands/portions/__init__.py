"""A large mesh, some services at a time."""
