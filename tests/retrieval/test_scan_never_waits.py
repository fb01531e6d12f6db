"""A scan and the model: in which order things happen, told by the things themselves and by no clock."""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from escher.session.session import Session
from escher.session.wiring import Parts, create
from escher.settings import Settings
from escher.vectors.embedder import load_embedder
from tests.fixtures.moto_cloud import SHOP, MotoCloud, moto_cloud


class Held:
    """The model behind a gate: it notes that it was asked, and answers when it is let."""

    def __init__(self, events: list[str]) -> None:
        self._model, self._events, self.gate = load_embedder(), events, threading.Event()
        self.name, self.dimension = self._model.name, self._model.dimension

    def embed(self, texts: Sequence[str]) -> list[bytes]:
        """The model's vectors, once the gate is open."""
        self.gate.wait()
        self._events.append("embedded")
        return self._model.embed(texts)


@pytest.fixture(scope="module")
def cloud() -> Iterator[MotoCloud]:
    with moto_cloud() as opened:
        ec2 = opened.client("ec2", SHOP, "us-east-1")
        for number in range(20):
            ec2.create_security_group(GroupName=f"orders-api-{number}", Description="of a test")
        yield opened


@pytest.fixture
def parts(cloud: MotoCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Parts]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    passphrase = tmp_path / "passphrase"
    passphrase.touch(mode=0o600)
    passphrase.write_text("correct horse battery staple")
    with create(Settings(home=tmp_path / "home", passphrase_file=passphrase)) as opened:
        opened.estate.put_account(cloud.account(SHOP, "shop"))
        yield opened


def test_a_scan_ends_before_the_model_has_answered(parts: Parts) -> None:
    """Two scans end while the model still holds its first answer back; what they found is there, by words."""
    events: list[str] = []
    held = Held(events)
    parts.embedder = held
    session = Session(parts)
    try:
        for scan in ("first", "second"):
            report = session.scan(types=["aws_vpc_security_group"], full=True)
            events.append(f"{scan} scan: {report.counts.found > 20}")
        assert len(parts.estate.without_vectors()) == report.counts.found
        assert events == ["first scan: True", "second scan: True"]
    finally:
        held.gate.set()
    session.settle()
    assert "embedded" in events[2:] and parts.estate.without_vectors() == []
