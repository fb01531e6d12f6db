"""The five agents: each a module of rules and, beside it, the prompt it would give a language model."""
