"""The demo cloud: a local AWS with a lived-in estate, and the walk through one question on it."""
