"""Reads what the user owns into the store, says how complete that is, and answers questions about it."""
