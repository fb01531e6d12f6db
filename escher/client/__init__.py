"""The way to the server, embedded or remote: the same bytes on the same wire."""
