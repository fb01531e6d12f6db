"""The stores of tests/store, for the tests that put whole sessions around them."""

from tests.store.conftest import desktop, empty_home, keychain_settings, resource, settings, store

__all__ = ["desktop", "empty_home", "keychain_settings", "resource", "settings", "store"]
