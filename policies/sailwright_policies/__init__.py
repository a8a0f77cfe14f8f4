"""The lint rules: one module per rule, one folder per family."""
