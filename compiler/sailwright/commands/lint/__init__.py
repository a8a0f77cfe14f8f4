"""`lint`: what is wrong in files, from the whole mesh, from some of it, or from what is kept."""
