"""From a request to the playbooks that fit it: what is wanted, what each is for, and how well the two agree."""
