"""Built-in formats of delivery: one a file, found by `foley_designer.export.registry`.

A module loads in no time: what writes and reads back is imported when it is needed.
"""
