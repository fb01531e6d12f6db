"""What a reply looks like: components composed from it, and the one widget that shows them in a notebook."""
