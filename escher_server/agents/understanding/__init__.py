"""The master agent's grammar: from words and aliases to what is meant, by rules and word lists, without a model."""
