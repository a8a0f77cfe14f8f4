"""`build`: render what was asked for, compare it with rendered/, and write, check or print it."""
