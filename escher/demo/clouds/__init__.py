"""The clouds of the demo: each is a process of its own that answers as its provider does."""
