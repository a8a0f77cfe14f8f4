"""The rendered tree on disk: where each file stands, what differs, and writing it whole or not at all."""
