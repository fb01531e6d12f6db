"""The supervisor: one process a home, outside every kernel, that owns its runs."""
