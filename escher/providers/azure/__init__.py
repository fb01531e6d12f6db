"""Azure: the only room that knows its SDK."""
