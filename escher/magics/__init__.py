"""The magics: `%escher` and `%%escher`."""
