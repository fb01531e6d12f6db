"""The brain: five agents and a playbook library, and no memory of anybody."""
