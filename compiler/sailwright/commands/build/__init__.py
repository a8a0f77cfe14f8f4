"""Build: render what was asked for, compare it with what stands, and write, check or print it."""
