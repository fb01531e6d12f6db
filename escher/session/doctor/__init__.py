"""Is everything that Escher needs here and well? One file an area, in `areas`."""
