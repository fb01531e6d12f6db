"""The clouds: what can be read of each, and how it is reached. The only rooms that know a provider's SDK."""
