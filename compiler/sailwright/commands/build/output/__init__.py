"""The rendered/ directory: where each file goes, what differs, and writing it whole or not at all."""
