"""The HTTP surface under `/v1`: each module makes one router."""
