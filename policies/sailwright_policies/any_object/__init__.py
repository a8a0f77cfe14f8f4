"""Objects of any kind: schemas, versions, annotations, names."""
