"""Google Cloud: the only room that knows its SDK."""
