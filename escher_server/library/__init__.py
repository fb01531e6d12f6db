"""The playbook library: folders of data, read once, each playbook refused or served on its own."""
