"""The audit trail: a hash chain over the store."""
