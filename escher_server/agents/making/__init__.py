"""Playbooks that are made on demand: out of the library's, or out of the providers' command reference. Pure."""
