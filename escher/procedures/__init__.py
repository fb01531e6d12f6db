"""Procedures: playbooks filled in on this machine until they are plans."""
