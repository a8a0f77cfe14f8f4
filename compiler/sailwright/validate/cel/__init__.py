"""The Common Expression Language, as far as the validation rules of CustomResourceDefinitions use it."""
