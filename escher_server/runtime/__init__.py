"""What every request passes: the key, the size, the log line, the refusal."""
