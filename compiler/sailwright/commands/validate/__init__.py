"""`validate`: objects of a project by the versions of their clusters, and files by themselves."""
