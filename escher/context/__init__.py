"""The request context: all that leaves this machine for a question, built from an allow-list, masked and checked."""
