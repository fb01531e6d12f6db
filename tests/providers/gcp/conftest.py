"""What tests of GCP share: the demo's Google Cloud."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fixtures.gcp_cloud import GcpCloud, gcp_cloud


@pytest.fixture(scope="module")
def google() -> Iterator[GcpCloud]:
    """One Google Cloud for all tests of a file."""
    with gcp_cloud() as cloud:
        yield cloud


@pytest.fixture
def cloud(google: GcpCloud) -> Iterator[GcpCloud]:
    """The same without faults, with Cloud Asset Inventory on."""
    google.faults([])
    google.reset_calls()
    yield google
    google.faults([])
    for service in ("cloudasset", "logging", "cloudtasks"):
        google.switch(google.owned, f"{service}.googleapis.com", enabled=True)


@pytest.fixture(autouse=True)
def no_login(monkeypatch: pytest.MonkeyPatch) -> None:
    """No log-in of this machine's own, and no search for a machine of Google's around it."""
    for name in ("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_PROJECT", "CLOUDSDK_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_GCE_CHECK", "true")
