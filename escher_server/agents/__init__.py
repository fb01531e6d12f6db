"""The agents: each a module that decides and a prompt of the same name for the day a model is configured."""
