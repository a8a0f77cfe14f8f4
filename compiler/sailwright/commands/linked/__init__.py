"""The part of a mesh that is linked to what is asked about."""
