"""One declaration a file, named as the resource type without its `azure_`; the registry finds them by walking here."""
