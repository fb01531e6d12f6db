"""The facade people type against, and the one place where parts are put together."""
