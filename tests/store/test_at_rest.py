"""What lies on the disk: nothing that was put in can be found there."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from escher.contract.context import Digest
from escher.contract.estate import Account, Resource, Scope
from escher.settings import Settings
from escher.store.chat import ChatStore
from escher.store.collections import COLLECTIONS
from escher.store.estate import EstateStore, ScopeResult
from escher.store.records import Record
from escher.store.vault import Store


def _files(folder: Path) -> bytes:
    return b"\0".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def _canary() -> str:
    return f"canary{secrets.token_hex(12)}"


def test_nothing_of_a_record_is_on_the_disk(settings: Settings) -> None:
    """Keys, names and values of bodies, and vectors, in every collection: no trace in any file, open or closed."""
    canaries: list[bytes] = []
    with Store.open(settings) as store:
        for name, collection in COLLECTIONS.items():
            words, vector = [_canary() for _ in range(30)], os.urandom(4 * collection.dimension)
            with store.transaction() as within:
                body = {words[1]: words[2], "tags": {"env": words[3]}, "list": words[4:]}
                within.put(name, Record(words[0], body, vector))
            canaries += [word.encode() for word in words]
            canaries += [vector[at : at + 32] for at in range(0, len(vector) - 31, 32)]
        assert {path.suffix for path in store.path.parent.iterdir()} >= {".db", ".db-wal", ".db-shm"}
        _assert_absent(settings, canaries)
    _assert_absent(settings, canaries)


def test_nothing_of_the_typed_views_is_on_the_disk(settings: Settings, resource: Callable[..., Resource]) -> None:
    """Names, tags, ids, accounts and chat leave no trace."""
    name, tag, identifier, account, said, title = (_canary() for _ in range(6))
    vector = os.urandom(1536)
    one = resource(
        name=name, tags={"owner": tag}, identifier=identifier, account_id=account, resource_id=f"arn:{identifier}"
    )
    with Store.open(settings) as store:
        estate, chat = EstateStore(store), ChatStore(store)
        estate.apply([ScopeResult(Scope("aws", account, "us-east-1", "aws_ec2_instance", "complete"), [one])])
        estate.set_vectors({one.natural_key: ("hash", vector)})
        estate.put_account(Account("aws", account, name))
        chat.append("c1", Digest(role="user", content=said), at=1)
        chat.update_context("c1", 2, title=title)
        words = [word.encode() for word in (name, tag, identifier, account, said, title)]
        _assert_absent(settings, [*words, vector[:32], vector[700:732]])


def test_what_was_deleted_left_no_trace(settings: Settings) -> None:
    """Tombstones are ciphertext too."""
    key = _canary()
    with Store.open(settings) as store:
        with store.transaction() as within:
            within.put("alerts_events", Record(key, {"text": key}))
        with store.transaction() as within:
            within.delete("alerts_events", key)
    _assert_absent(settings, [key.encode()])


def test_equal_records_look_different(settings: Settings) -> None:
    """The same body under two keys, and in two versions, never gives the same bytes."""
    with Store.open(settings) as store:
        for _ in range(2):
            with store.transaction() as within:
                within.put("alerts_events", *(Record(f"k{number}", {"same": "body"}) for number in range(50)))
    import sqlite3

    connection = sqlite3.connect(settings.store_path)
    sealed = [value for (value,) in connection.execute("SELECT sealed FROM alerts_events")]
    connection.close()
    assert len({value[:12] for value in sealed}) == len({value[12:] for value in sealed}) == 50


def _assert_absent(settings: Settings, canaries: list[bytes]) -> None:
    content = _files(settings.home)
    assert [canary for canary in canaries if canary in content] == []
