"""The HTTP surface: each module makes one router."""
