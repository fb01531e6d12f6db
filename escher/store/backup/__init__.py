"""Backups of the store: one encrypted, signed archive each, and the ways back from one."""
