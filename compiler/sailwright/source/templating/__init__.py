"""Jinja templates that yield data: no value can alter the structure around it, and nothing is parsed twice.

A template is rendered with every expression replaced by a numbered placeholder. The text that remains, its *shape*, depends on the
template's conditions and loops alone; each shape is parsed as YAML once and becomes a function from the placeholders' values to the
finished data. Quoting and layout are the business of emit.py.
"""
