"""The command reference: which operation of a cloud a text is about, found without a language model."""
