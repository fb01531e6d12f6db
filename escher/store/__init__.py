"""The encrypted store: one SQLite file that is the only durable copy of six collections."""
