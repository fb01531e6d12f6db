"""What an answer says and how it is laid out. No values: those never reach the server."""
