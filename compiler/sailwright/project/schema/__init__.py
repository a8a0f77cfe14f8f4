"""Check a tree by one of our JSON Schemas: a compiled validator says yes or no, words are found only for a no."""
