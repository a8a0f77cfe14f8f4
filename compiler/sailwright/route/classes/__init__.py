"""Which classes of requests a mesh tells apart, and what becomes of each."""
