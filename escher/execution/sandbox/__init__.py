"""What stands around a step's process: namespaces or a keeper, a network of few endpoints, a home of its own."""
