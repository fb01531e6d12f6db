"""From a selector or a phrase to resources of the estate."""
