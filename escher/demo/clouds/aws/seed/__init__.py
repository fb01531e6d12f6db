"""Builds the demo company's AWS in moto, inside moto's own process: the same estate with the same ids at every start."""
