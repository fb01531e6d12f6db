"""What tests of Azure share: the demo's cloud, and a machine on which nobody is logged in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from escher.contract.estate import Account
from tests.fixtures.azure_cloud import AzureCloud, azure_cloud


@pytest.fixture(scope="module")
def demo() -> Iterator[AzureCloud]:
    """One cloud for all tests of a file."""
    with azure_cloud() as cloud:
        yield cloud


@pytest.fixture
def cloud(demo: AzureCloud, logged_out: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AzureCloud]:
    """The cloud without faults, with its managed identity as the only log-in."""
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{demo.url}/msi")
    monkeypatch.setenv("IDENTITY_HEADER", "demo")
    demo.clear_faults()
    demo.reset_calls()
    yield demo
    demo.clear_faults()


@pytest.fixture
def logged_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is the only one on the PATH, besides the system's; no credential of Azure is in the environment."""
    for name in [name for name in os.environ if name.startswith(("AZURE_", "IDENTITY_", "MSI_", "ARM_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AZURE_CONFIG_DIR", str(tmp_path / "az"))
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    return programs


@pytest.fixture
def shop(demo: AzureCloud) -> Account:
    """The subscription that the caller owns."""
    return _account(demo, "web-shop")


@pytest.fixture
def analytics(demo: AzureCloud) -> Account:
    """The subscription in which the caller is a reader, and contributor in all groups but one."""
    return _account(demo, "analytics")


def _account(demo: AzureCloud, name: str) -> Account:
    return Account("azure", demo.subscriptions[name], name, endpoint_url=demo.url, ca_bundle=demo.certificate)
