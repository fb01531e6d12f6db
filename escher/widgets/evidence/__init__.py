"""The whole record of a run, as text, as one page and as a notebook."""
