"""The three object stores do the same, through their own SDKs, also when every fifth request fails."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from escher.contract.ports import ObjectStore
from escher.errors import BackupError, BackupTargetUnavailable, ConfigurationError, MissingDependency
from escher.session.targets import object_store
from tests.fixtures.object_stores import Emulator, cloud, server

__all__ = ["cloud", "server"]
TRIES = 40


@pytest.fixture
def bucket(cloud: Emulator) -> ObjectStore:
    """The object store at the target."""
    return object_store(cloud.target)


def _file(folder: Path, content: bytes, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("size", [1, 100_000, 20 << 20], ids=["byte", "small", "parts"])
def test_what_is_sent_comes_back(bucket: ObjectStore, tmp_path: Path, size: int) -> None:
    """A file of any size, in one piece or in parts, is the same when it is read again, and private."""
    content = os.urandom(size)
    bucket.upload("ana/snapshots/one.snapshot", _file(tmp_path, content))
    bucket.download("ana/snapshots/one.snapshot", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == content
    assert stat.S_IMODE((tmp_path / "back").stat().st_mode) == 0o600
    assert [(one.name, one.size) for one in bucket.list()] == [("ana/snapshots/one.snapshot", size)]


def test_a_newer_one_takes_the_place(bucket: ObjectStore, tmp_path: Path) -> None:
    """An object of the same name is replaced whole."""
    bucket.upload("name", _file(tmp_path, b"old and long"))
    bucket.upload("name", _file(tmp_path, b"new"))
    bucket.download("name", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == b"new"


def test_a_list_is_of_the_prefix_only(cloud: Emulator, bucket: ObjectStore, tmp_path: Path) -> None:
    """Names are relative to the prefix, in order of time; what is beside the prefix is not seen."""
    inner = object_store(f"{cloud.target}/inner")
    inner.upload("a", _file(tmp_path, b"1"))
    bucket.upload("b", _file(tmp_path, b"22"))
    assert [one.name for one in inner.list()] == ["a"]
    assert {one.name for one in bucket.list()} == {"inner/a", "b"}
    assert object_store(cloud.target[:-3]).list() == []
    assert all(one.written_at > 1_700_000_000 for one in bucket.list())


def test_what_is_deleted_is_gone(bucket: ObjectStore, tmp_path: Path) -> None:
    """Deleting it again is no error."""
    bucket.upload("name", _file(tmp_path, b"x"))
    bucket.delete("name")
    bucket.delete("name")
    assert bucket.list() == []


def test_more_than_a_page_is_listed(bucket: ObjectStore, tmp_path: Path) -> None:
    """A list goes on over the pages in which the service answers."""
    source = _file(tmp_path, b"x")
    for number in range(25):
        bucket.upload(f"{number:03}", source)
    assert sorted(one.name for one in bucket.list()) == [f"{number:03}" for number in range(25)]


def test_an_unknown_object_is_an_error_and_leaves_no_file(bucket: ObjectStore, tmp_path: Path) -> None:
    """It is final: asking again would not help."""
    with pytest.raises(BackupError) as missing:
        bucket.download("nothing", tmp_path / "back")
    assert not missing.value.retryable
    assert missing.value.hint
    assert not (tmp_path / "back").exists()


def test_an_unknown_bucket_is_an_error_with_its_next_move(cloud: Emulator, tmp_path: Path) -> None:
    """A typing error in the target is told apart from a service that is down."""
    wrong = object_store(cloud.target.replace("backups-of-ana", "backups-of-nobody"))
    with pytest.raises(BackupError) as refused:
        wrong.upload("name", _file(tmp_path, b"x"))
    assert not refused.value.retryable
    assert "backup_target" in refused.value.hint


def test_every_fifth_request_may_fail(cloud: Emulator, bucket: ObjectStore, tmp_path: Path) -> None:
    """500, 503 and cut connections are waited out: what was sent is there, and only that."""
    cloud.proxy.share, before = 0.2, sum(cloud.proxy.faults.values())
    content = os.urandom(50_000)
    source = _file(tmp_path, content)
    for number in range(TRIES // 4):
        bucket.upload(f"object-{number}", source)
        bucket.download(f"object-{number}", tmp_path / f"back-{number}")
        assert (tmp_path / f"back-{number}").read_bytes() == content
    assert len(bucket.list()) == TRIES // 4
    assert sum(cloud.proxy.faults.values()) > before


def test_a_service_that_is_down_may_be_asked_again(cloud: Emulator, bucket: ObjectStore) -> None:
    """When nothing but errors comes, the error says that it is worth another try."""
    cloud.proxy.share = 1.0
    with pytest.raises(BackupTargetUnavailable) as down:
        bucket.list()
    assert down.value.retryable


# -- addresses ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", ["", "backups", "https://bucket/prefix", "s3://", "s3:///prefix", "az://account", "gs://b/../c//d", "s3://B"]
)
def test_another_address_is_refused(url: str) -> None:
    """Nothing is sent to what is no place for backups."""
    with pytest.raises(ConfigurationError) as refused:
        object_store(url)
    assert "s3://" in refused.value.hint


@pytest.mark.parametrize(
    ("url", "module", "extra"), [("az://account/container", "azure", "azure"), ("gs://bucket/prefix", "gcp", "gcp")]
)
def test_a_missing_sdk_is_named(url: str, module: str, extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what to install."""
    monkeypatch.delitem(sys.modules, f"escher.providers.{module}.objects", raising=False)
    monkeypatch.setitem(sys.modules, {"azure": "azure.storage.blob", "gcp": "google.cloud.storage"}[module], None)
    with pytest.raises(MissingDependency) as missing:
        object_store(url)
    assert f"escher[{extra}]" in missing.value.hint


def test_a_connection_string_of_another_account_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Backups do not go where the target does not say."""
    monkeypatch.setenv(
        "AZURE_STORAGE_CONNECTION_STRING", "DefaultEndpointsProtocol=https;AccountName=other;AccountKey=a2V5;"
    )
    with pytest.raises(ConfigurationError):
        object_store("az://account/container").list()


def test_without_credentials_nothing_is_sent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The error says how to log in."""
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    with pytest.raises(BackupError) as refused:
        object_store("s3://bucket/prefix").list()
    assert not refused.value.retryable
    assert "aws configure" in refused.value.hint
