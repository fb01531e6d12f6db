"""What tests of the clouds share: moto, and answers that were written down."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.moto_cloud import MotoCloud, moto_cloud


@pytest.fixture(scope="module")
def moto() -> Iterator[MotoCloud]:
    """One moto for all tests of a file."""
    with moto_cloud() as cloud:
        yield cloud


@pytest.fixture
def cloud(moto: MotoCloud) -> Iterator[MotoCloud]:
    """An empty moto without faults."""
    moto.reset()
    yield moto
    moto.faults.clear()


@pytest.fixture
def aws_config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of AWS profiles; no other configuration, no credentials."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    config = tmp_path / "config"
    config.write_text("")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return config
