"""Execution: approved bytes in child processes, their output, and how they ended."""
