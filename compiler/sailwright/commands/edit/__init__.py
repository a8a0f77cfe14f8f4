"""The commands that change files: one line, where a reviewer expects it, and everything else as its author wrote it."""
