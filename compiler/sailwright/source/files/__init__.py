"""Files of a run, from disk, from a commit or from standard input, and the patterns that find them."""
