"""The demo's Azure, one for each file of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fixtures.azure_cloud import AzureCloud, azure_cloud


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known where pyproject does not."""
    config.addinivalue_line("markers", "az: needs the real az command")


@pytest.fixture(scope="module")
def cloud() -> Iterator[AzureCloud]:
    """A cloud that is up. Tests share it, so each changes things of its own."""
    with azure_cloud() as running:
        yield running
