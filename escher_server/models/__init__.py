"""A language model, where one is configured: which, how it is reached, and how one is asked within bounds.

Nothing here is imported unless one is configured, but `choice`, which reads the configuration.
"""
