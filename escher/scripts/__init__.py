"""Read a script without running it: which operations it calls, with what, and what else it would do. Pure."""
