"""`escher stats`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from escher.contract.context import Digest
from escher.contract.estate import Account, Resource, Scope
from escher.settings import Settings
from escher.store.chat import ChatStore
from escher.store.collections import COLLECTIONS
from escher.store.estate import EstateStore, ScopeResult
from escher.store.vault import Store
from tests.commands.conftest import Escher, document


@pytest.fixture
def filled(settings: Settings, resource: Callable[..., Resource]) -> Iterator[Settings]:
    """An account with 30 instances and a bucket, of which two are gone, and a conversation."""
    with Store.open(settings) as store:
        estate = EstateStore(store)
        estate.put_account(Account("aws", "111111111111", "shop"))
        found = [resource(number) for number in range(30)]
        found.append(resource(99, kind="object_storage", resource_type="aws_s3_bucket"))
        scope = Scope("aws", "111111111111", "us-east-1", "aws_ec2_instance", "complete", 30, 1_700_000_000)
        estate.apply([ScopeResult(scope, found)])
        vector = b"\1" * 384 * 4
        estate.set_vectors({one.natural_key: ("model:hash", vector) for one in found[:10]})
        estate.delete([one.natural_key for one in found[:2]])
        ChatStore(store).append("talk", Digest(role="user", content="hello"), 1_700_000_000)
    yield settings


def test_everything_is_counted(filled: Settings, escher: Escher) -> None:
    """Records, deletions, vectors, bytes and keys by collection; resources by provider, account and kind; and the rest."""
    done = escher("stats", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    stats: dict[str, Any] = document(done)
    by_name = {one["name"]: one for one in stats["collections"]}
    assert by_name.keys() == COLLECTIONS.keys()
    estate = by_name["cloud_estate"]
    assert (estate["records"], estate["deleted"], estate["vectors"]) == (29, 2, 8)
    assert estate["bytes"] > 29 * 100 and estate["writes"] >= 31 and estate["key_age_days"] == 0
    assert stats["estate"]["by_kind"] == {"compute_instance": 28, "object_storage": 1}
    assert stats["estate"]["by_account"] == [
        {"provider": "aws", "account_id": "111111111111", "name": "shop", "resources": 29}
    ]
    assert stats["scans"]["oldest"] == stats["scans"]["newest"] == "2023-11-14T22:13:20+00:00"
    assert stats["file"]["file_bytes"] == filled.store_path.stat().st_size
    assert (stats["conversations"], stats["backups"]["count"]) == (1, 0)
    assert stats["index"]["kind"] in ("edge", "memory")


def test_people_see_tables_and_bars(filled: Settings, escher: Escher) -> None:
    """For people it is tables, with a bar for each kind."""
    shown = escher("stats").stdout
    assert "cloud_estate" in shown and "█" in shown and "compute_instance" in shown


def test_an_empty_store_has_statistics_too(escher: Escher) -> None:
    """Nothing scanned, nothing said: zeros and no failure."""
    done = escher("stats", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert document(done)["scans"] == {"scopes": 0, "complete": 0, "oldest": None, "newest": None}
    assert escher("stats").returncode == 0
