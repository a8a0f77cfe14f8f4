"""A tree checked by one of our JSON Schemas: a compiled validator decides, and only a refusal is put into words."""
