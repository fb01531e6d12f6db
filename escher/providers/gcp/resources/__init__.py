"""One declaration a file, named as the resource type without its `gcp_`; the registry finds them by walking here."""
