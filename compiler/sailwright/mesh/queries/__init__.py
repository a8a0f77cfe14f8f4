"""What several rules ask of the mesh, worked out once per index."""
