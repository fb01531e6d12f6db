"""The checks of the validation agent, a room each: the playbook's build, its scripts, the context, how far it reaches."""
