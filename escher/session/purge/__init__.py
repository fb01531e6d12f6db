"""Take an account, or everything, out of the store for good, and prove it."""
